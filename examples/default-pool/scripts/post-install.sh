#!/bin/sh
# Runs after Kubernetes is installed on the node. To restart it, use "shutdown -r 1", never "reboot".
set -eu
echo "set up by Pulumi" > /etc/motd
