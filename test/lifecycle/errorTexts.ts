/**
 * The errors that a user reads when a sync cannot be sent or watched, by what caused them. What differs from run to run
 * stands between angle brackets. Numbers at the beginning are the status of the answer to the sync request.
 */
export const errorTexts = {
  "400":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to synchronize the node pool with 400 CCE.01400001 Invalid request: spec.nodeTemplate (request id <request>). Correct the named value, then run `pulumi up` again.',
  "400 for a quota":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to synchronize the node pool with 400 CCE.01400007 Insufficient VM quota (request id <request>). Ask for a higher quota, then run `pulumi up` again.',
  "401":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to synchronize the node pool with 401 APIGW.0301 Incorrect IAM authentication information: verify aksk signature fail (request id <request>). Check the access key and secret key or the token, and whether they are still valid; nothing more is sent with them in this run, since five refused signatures in a row lock a key.',
  "401 for a clock that is off":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to synchronize the node pool with 401 APIGW.0303 Incorrect app authentication information (request id <request>). Set this machine\'s clock: it is more than 15 minutes off.',
  "403":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to synchronize the node pool with 403 CCE.01403001 Forbidden (request id <request>). Grant the IAM actions cce:nodepool:upgradeNodepool (to sync) and cce:nodepool:list, cce:node:list, cce:job:get, cce:cluster:get (to watch).',
  "403 for the pool's state":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync could not be sent within the deadline: the service answered the request to synchronize the node pool with 403 CCE.01403003 The node pool does not allow this (request id <request>). Nothing was reset by it. Wait until the cluster, the pool and its nodes are at rest, then run `pulumi up` again.',
  "404":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to synchronize the node pool with 404 CCE.01404001 Resource not found (request id <request>). Check clusterId and nodePoolId, and the region and project that the configuration names.',
  "409":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync could not be sent within the deadline: the service answered the request to synchronize the node pool with 409 CCE.01409002 The resource version is out of date (request id <request>). Nothing was reset by it. Wait until the cluster, the pool and its nodes are at rest, then run `pulumi up` again.',
  "429 for ever":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync could not be sent within the deadline: the service answered the request to synchronize the node pool with 429 CCE.01429003 Too many concurrent tasks (request id <request>). Nothing was reset by it. Too many requests for this user: wait a few minutes, then run `pulumi up` again.',
  "500":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to synchronize the node pool with 500 CCE.01500001 Internal error (request id <request>); in the 5 min since then nothing showed that the sync has begun. It is not known whether the sync was accepted, so it was not sent again. Look at the pool, then run `pulumi up` again: it looks first and sends the sync only when nothing shows that it ran.',
  "401 while the sync runs":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to list the node pools with 401 APIGW.0301 the token has expired (request id <request>). Check the access key and secret key or the token, and whether they are still valid; nothing more is sent with them in this run, since five refused signatures in a row lock a key. The sync was accepted and may still be running: the next `pulumi up` goes on watching it.',
  "no credentials": `NodePoolSync "workers": the configuration cannot be used, and nothing was sent:
- credentials: not found; looked at:
  - Pulumi config: none of huaweicloud:token, huaweicloud:accessKey, huaweicloud:secretKey, huaweicloud:securityToken, huaweicloud:userName, huaweicloud:userId, huaweicloud:password, huaweicloud:sharedConfigFile, huaweicloud:profile is set
  - environment: none of HW_AUTH_TOKEN, OS_AUTH_TOKEN, HW_ACCESS_KEY, OS_ACCESS_KEY, HW_SECRET_KEY, OS_SECRET_KEY, HW_SECURITY_TOKEN, HW_USER_NAME, OS_USERNAME, HW_USER_ID, OS_USER_ID, HW_USER_PASSWORD, OS_PASSWORD, HW_SHARED_CONFIG_FILE, HW_PROFILE is set
  - the metadata service is not asked for a service on this machine`,
  "half a credential": `NodePoolSync "workers": the configuration cannot be used, and nothing was sent:
- credentials: HW_ACCESS_KEY is set without HW_SECRET_KEY; set both, or neither`,
  "no region": `NodePoolSync "workers": the configuration cannot be used, and nothing was sent:
- region: not found; looked at: input region, Pulumi config huaweicloud:region, environment HW_REGION_NAME, OS_REGION_NAME (an endpoint for cce would do as well)`,
  "endpoints of garbage": `NodePoolSync "workers": the configuration cannot be used, and nothing was sent:
- endpoints: environment HW_ENDPOINTS must be a JSON object of addresses such as {"cce": "https://…"}`,
  "plain http to another host": `NodePoolSync "workers": the configuration cannot be used, and nothing was sent:
- endpoint of cce: must begin with https:// (plain http is taken for loopback addresses only)`,
  "everything at once": `NodePoolSync "workers": the configuration cannot be used, and nothing was sent:
- endpoint of cce: must be a URL such as https://cce.eu-west-101.myhuaweicloud.eu
- credentials: HW_SECRET_KEY is set without HW_ACCESS_KEY; set both, or neither
- region: must be a region such as eu-west-101 (looked at: input region, Pulumi config huaweicloud:region, environment HW_REGION_NAME, OS_REGION_NAME)
- pollInterval: must be a number above 0, at most 60 (Pulumi config cce-nodepool-sync:pollInterval, environment CCE_NODEPOOL_SYNC_POLL_INTERVAL)`,
  "nodes that are not in the pool":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: nodeIds: not in node pool <pool>: no-such-node (not in the cluster), <node> (defaultpool-node-4, in pool DefaultPool). Take them out, or leave nodeIds out to mean every node of the pool, then run `pulumi up` again.',
  "a pool of another cluster":
    'NodePoolSync "workers", node pool no-such-pool of cluster <cluster>: nodePoolId: cluster <cluster> has no node pool no-such-pool; it has DefaultPool, <pool> (pool-1). Correct nodePoolId or clusterId, then run `pulumi up` again.',
  "an unknown cluster":
    'NodePoolSync "workers", node pool <pool> of cluster no-such-cluster: the service answered the request to list the node pools with 404 CCE.01404001 Resource not found: the cluster does not exist (request id <request>). Check clusterId and nodePoolId, and the region and project that the configuration names.',
  "a cluster that hibernates":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to synchronize the node pool with 403 CCE.01403009 Forbidden: the cluster is Hibernation, not Available (request id <request>); the cluster\'s phase is Hibernation, which does not end by itself. Wake or mend the cluster, then run `pulumi up` again.',
  "a cluster that is unavailable":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to synchronize the node pool with 403 CCE.01403009 Forbidden: the cluster is Unavailable, not Available (request id <request>); the cluster\'s phase is Unavailable, which does not end by itself. Wake or mend the cluster, then run `pulumi up` again.',
  "a cluster that is being upgraded":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync could not be sent within the deadline: the service answered the request to synchronize the node pool with 403 CCE.01403009 Forbidden: the cluster is Upgrading, not Available (request id <request>). Nothing was reset by it. Wait until the cluster, the pool and its nodes are at rest, then run `pulumi up` again.',
  "a pool that is being scaled":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync could not be sent within the deadline: nodes are being added, reset or removed in the pool. Nothing was reset by it. Wait until the pool is at rest, or grant more time with customTimeouts, then run `pulumi up` again.',
  "a deadline shorter than one poll":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: accepted 0 s ago, but no sign that it has begun; 0 of 3 nodes are up to date. Run `pulumi up` again: it goes on watching and sends nothing that is running. Grant more time with customTimeouts if it needs it.',
  "an endpoint that cannot be reached":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync could not be sent within the deadline: no usable answer to the request to list the node pools: 127.0.0.1:1 cannot be reached (ECONNREFUSED). Nothing was reset by it. Check the network and the endpoint, then run `pulumi up` again.',
} as const;
