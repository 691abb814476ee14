#!/bin/sh
# Runs before Kubernetes is installed on the node.
set -eu
sysctl -w vm.max_map_count=262144
