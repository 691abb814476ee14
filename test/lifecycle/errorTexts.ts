/**
 * The errors that a user reads when a sync cannot be sent or watched, by what caused them. What differs from run to
 * run stands between angle brackets. Numbers at the beginning are the status of the answer to the sync request.
 * docs/troubleshooting.md has a row for each.
 */
export const errorTexts = {
  "400":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to synchronize the node pool with 400 CCE.01400001 Invalid request: spec.nodeTemplate (request id <request>). Correct the named value, then run `pulumi up` again. [nodepoolsync/invalid-request]',
  "400 for a quota":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to synchronize the node pool with 400 CCE.01400007 Insufficient VM quota (request id <request>). Ask for a higher quota, then run `pulumi up` again. [nodepoolsync/quota]',
  "401":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to synchronize the node pool with 401 APIGW.0301 Incorrect IAM authentication information: verify aksk signature fail (request id <request>). Check the access key and secret key or the token, and whether they are still valid; nothing more is sent with them in this run, since five refused signatures in a row lock a key. [nodepoolsync/credentials-refused]',
  "401 for a clock that is off":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to synchronize the node pool with 401 APIGW.0303 Incorrect app authentication information (request id <request>). Set this machine\'s clock: it is more than 15 minutes off. [nodepoolsync/credentials-refused]',
  "403":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to synchronize the node pool with 403 CCE.01403001 Forbidden (request id <request>). Grant the IAM actions to sync (cce:nodepool:upgradeNodepool, in policies of the older IAM cce:nodepool:update) and to watch (cce:nodepool:list, cce:node:list, cce:job:get, and cce:cluster:getCluster, older cce:cluster:get). [nodepoolsync/permission-denied]',
  "403 for the pool's state":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync could not be sent within the deadline: the service answered the request to synchronize the node pool with 403 CCE.01403003 The node pool does not allow this (request id <request>). Nothing was reset by it. Wait until the cluster, the pool and its nodes are at rest, or grant more time with customTimeouts, then run `pulumi up` again. [nodepoolsync/busy]',
  "404":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to synchronize the node pool with 404 CCE.01404001 Resource not found (request id <request>). Check clusterId and nodePoolId, and the region and project that the configuration names. [nodepoolsync/not-found]',
  "409":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync could not be sent within the deadline: the service answered the request to synchronize the node pool with 409 CCE.01409002 The resource version is out of date (request id <request>). Nothing was reset by it. Wait until the cluster, the pool and its nodes are at rest, or grant more time with customTimeouts, then run `pulumi up` again. [nodepoolsync/busy]',
  "429 for ever":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync could not be sent within the deadline: the service answered the request to synchronize the node pool with 429 CCE.01429003 Too many concurrent tasks (request id <request>). Nothing was reset by it. Too many requests for this user: wait a few minutes, then run `pulumi up` again. [nodepoolsync/throttled]',
  "500":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to synchronize the node pool with 500 CCE.01500001 Internal error (request id <request>); in the 5 min since then nothing showed that the sync has begun. It is not known whether the sync was accepted, so it was not sent again. Look at the pool, then run `pulumi up` again: it looks first and sends the sync only when nothing shows that it ran. [nodepoolsync/unanswered]',
  "401 while the sync runs":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to list the node pools with 401 APIGW.0301 the token has expired (request id <request>). Check the access key and secret key or the token, and whether they are still valid; nothing more is sent with them in this run, since five refused signatures in a row lock a key. The sync was accepted and may still be running. When that is mended, run `pulumi up` again: it goes on watching. [nodepoolsync/lost-sight]',
  "500 to every look":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync could not be sent within the deadline: the service answered the request to list the node pools with 500 CCE.01500001 Internal error (request id <request>). Nothing was reset by it. Run `pulumi up` again: it looks at the pool first and sends nothing that is already running. [nodepoolsync/service-fault]',
  "a host that does not speak TLS":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: nothing was sent: <host> does not speak TLS (ERR_SSL_WRONG_VERSION_NUMBER). Correct the endpoint, or name its issuer\'s certificate in Pulumi config huaweicloud:cacertFile or OS_CACERT, then run `pulumi up` again. [nodepoolsync/tls]',
  "a certificate that is not trusted":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: nothing was sent: 127.0.0.1:<port> has a certificate that is not trusted (SELF_SIGNED_CERT_IN_CHAIN). Correct the endpoint, or name its issuer\'s certificate in Pulumi config huaweicloud:cacertFile or OS_CACERT, then run `pulumi up` again. [nodepoolsync/tls]',
  "a proxy that refuses":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: nothing was sent: the proxy does not let requests through to cce.emulated-1.myhuaweicloud.com (407). Put the proxy\'s user name and password into HTTPS_PROXY, or name the host in NO_PROXY. [nodepoolsync/unreachable]',
  "a user whose password is wrong":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to sign the IAM user in with 401 The username or password is wrong. (request id <request>). Check the user\'s name, account (domain) and password and the project; nothing more is sent with them in this run, since refused passwords lock a user. [nodepoolsync/credentials-refused]',
  "a project that is not there":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: no project is named nowhere. Set projectId, Pulumi config huaweicloud:projectId or HW_PROJECT_ID, so that nothing has to be looked up. [nodepoolsync/configuration]',
  "a node that fails":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync failed: pool-1: 1 of 3 nodes failed; pool-1-node-1: the disk did not mount; 1 of 3 nodes not up to date: pool-1-node-1 (Error: the disk did not mount). Mend what the reasons name, then run `pulumi up` again: it repeats the sync for the nodes that are left. [nodepoolsync/sync-failed]',
  "a pool that disappears while the sync runs":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync failed: the node pool is gone from the cluster. Mend what the reasons name, then run `pulumi up` again: it repeats the sync for the nodes that are left. [nodepoolsync/sync-failed]',
  "an interruption before the sync is sent":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: interrupted before the sync was sent; nothing was reset. Run `pulumi up` again: it looks at the pool first and sends nothing that is already running. [nodepoolsync/interrupted]',
  "an interruption while the sync runs":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: interrupted while the sync was running. Run `pulumi up` again: it looks at the pool first and sends nothing that is already running. [nodepoolsync/interrupted]',
  "a state that a newer version wrote":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the state was written by a newer version of pulumi-cce-nodepool-sync (state version 99; this one reads up to 1). Install the package\'s newest version; where that cannot read it either, run `pulumi state delete` on the resource and `pulumi up` again. [nodepoolsync/unreadable-state]',
  "a state that is none":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the recorded state cannot be read. Install the package\'s newest version; where that cannot read it either, run `pulumi state delete` on the resource and `pulumi up` again. [nodepoolsync/unreadable-state]',
  "inputs that were never checked":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: nodeIds.filter is not a function. This is a fault of pulumi-cce-nodepool-sync: please report it. [nodepoolsync/internal]',
  "no credentials": `NodePoolSync "workers": the configuration cannot be used, and nothing was sent:
- credentials: not found; looked at:
  - Pulumi config: none of huaweicloud:token, huaweicloud:accessKey, huaweicloud:secretKey, huaweicloud:securityToken, huaweicloud:userName, huaweicloud:userId, huaweicloud:password, huaweicloud:sharedConfigFile, huaweicloud:profile is set
  - environment: none of HW_AUTH_TOKEN, OS_AUTH_TOKEN, HW_ACCESS_KEY, OS_ACCESS_KEY, HW_SECRET_KEY, OS_SECRET_KEY, HW_SECURITY_TOKEN, HW_USER_NAME, OS_USERNAME, HW_USER_ID, OS_USER_ID, HW_USER_PASSWORD, OS_PASSWORD, HW_SHARED_CONFIG_FILE, HW_PROFILE is set
  - the metadata service is not asked for a service on this machine
Set what is missing and correct what is wrong, then run \`pulumi up\` again. [nodepoolsync/configuration]`,
  "half a credential": `NodePoolSync "workers": the configuration cannot be used, and nothing was sent:
- credentials: HW_ACCESS_KEY is set without HW_SECRET_KEY; set both, or neither
Set what is missing and correct what is wrong, then run \`pulumi up\` again. [nodepoolsync/configuration]`,
  "no region": `NodePoolSync "workers": the configuration cannot be used, and nothing was sent:
- region: not found; looked at: input region, Pulumi config huaweicloud:region, environment HW_REGION_NAME, OS_REGION_NAME (an endpoint for cce would do as well)
Set what is missing and correct what is wrong, then run \`pulumi up\` again. [nodepoolsync/configuration]`,
  "endpoints of garbage": `NodePoolSync "workers": the configuration cannot be used, and nothing was sent:
- endpoints: environment HW_ENDPOINTS must be a JSON object of addresses such as {"cce": "https://…"}
Set what is missing and correct what is wrong, then run \`pulumi up\` again. [nodepoolsync/configuration]`,
  "plain http to another host": `NodePoolSync "workers": the configuration cannot be used, and nothing was sent:
- endpoint of cce: must begin with https:// (plain http is taken for loopback addresses only)
Set what is missing and correct what is wrong, then run \`pulumi up\` again. [nodepoolsync/configuration]`,
  "everything at once": `NodePoolSync "workers": the configuration cannot be used, and nothing was sent:
- endpoint of cce: must be a URL such as https://cce.eu-west-101.myhuaweicloud.eu
- credentials: HW_SECRET_KEY is set without HW_ACCESS_KEY; set both, or neither
- region: must be a region such as eu-west-101 (looked at: input region, Pulumi config huaweicloud:region, environment HW_REGION_NAME, OS_REGION_NAME)
- pollInterval: must be a number above 0, at most 60 (Pulumi config cce-nodepool-sync:pollInterval, environment CCE_NODEPOOL_SYNC_POLL_INTERVAL)
Set what is missing and correct what is wrong, then run \`pulumi up\` again. [nodepoolsync/configuration]`,
  "nodes that are not in the pool":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: nodeIds: not in node pool <pool>: no-such-node (not in the cluster), <node> (defaultpool-node-4, in pool DefaultPool). Take them out, or leave nodeIds out to mean every node of the pool, then run `pulumi up` again. [nodepoolsync/not-found]',
  "a pool of another cluster":
    'NodePoolSync "workers", node pool no-such-pool of cluster <cluster>: nodePoolId: cluster <cluster> has no node pool no-such-pool; it has DefaultPool, <pool> (pool-1). Correct nodePoolId or clusterId, then run `pulumi up` again. [nodepoolsync/not-found]',
  "an unknown cluster":
    'NodePoolSync "workers", node pool <pool> of cluster no-such-cluster: the service answered the request to list the node pools with 404 CCE.01404001 Resource not found: the cluster does not exist (request id <request>). Check clusterId and nodePoolId, and the region and project that the configuration names. [nodepoolsync/not-found]',
  "a cluster that hibernates":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to synchronize the node pool with 403 CCE.01403009 Forbidden: the cluster is Hibernation, not Available (request id <request>); the cluster\'s phase is Hibernation, which does not end by itself. Wake or mend the cluster, then run `pulumi up` again. [nodepoolsync/cluster-asleep]',
  "a cluster that is unavailable":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to synchronize the node pool with 403 CCE.01403009 Forbidden: the cluster is Unavailable, not Available (request id <request>); the cluster\'s phase is Unavailable, which does not end by itself. Wake or mend the cluster, then run `pulumi up` again. [nodepoolsync/cluster-asleep]',
  "a cluster that is being upgraded":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync could not be sent within the deadline: the service answered the request to synchronize the node pool with 403 CCE.01403009 Forbidden: the cluster is Upgrading, not Available (request id <request>). Nothing was reset by it. Wait until the cluster, the pool and its nodes are at rest, or grant more time with customTimeouts, then run `pulumi up` again. [nodepoolsync/busy]',
  "a pool that is being scaled":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync could not be sent within the deadline: nodes are being added, reset or removed in the pool. Nothing was reset by it. Wait until the cluster, the pool and its nodes are at rest, or grant more time with customTimeouts, then run `pulumi up` again. [nodepoolsync/busy]',
  "a deadline shorter than one poll":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: accepted 0 s ago, but no sign that it has begun; 0 of 3 nodes are up to date. Run `pulumi up` again: it goes on watching and sends nothing that is running. Grant more time with customTimeouts if it needs it. If nothing moves any more, change an input such as triggers: that sends the sync anew. [nodepoolsync/timed-out]',
  "a deadline in mid-sync":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: not finished after 1 min 59 s: pool-1-node-1 (Installing), pool-1-node-2 (Installing), pool-1-node-3 (not up to date yet); 0 of 3 nodes are up to date. Run `pulumi up` again: it goes on watching and sends nothing that is running. Grant more time with customTimeouts if it needs it. If nothing moves any more, change an input such as triggers: that sends the sync anew. [nodepoolsync/timed-out]',
  "an endpoint that cannot be reached":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync could not be sent within the deadline: no usable answer to the request to list the node pools: 127.0.0.1:1 cannot be reached (ECONNREFUSED). Nothing was reset by it. Check the network and the endpoint, then run `pulumi up` again. [nodepoolsync/unreachable]',
} as const;
