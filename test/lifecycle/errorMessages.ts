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
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to synchronize the node pool with 401 APIGW.0301 Incorrect IAM authentication information: verify aksk signature fail (request id <request>). The credentials come from environment HW_ACCESS_KEY and HW_SECRET_KEY. Check the access key and the secret key, and that they are still valid. Nothing more is sent with them in this run, because five refused signatures in a row lock a key. [nodepoolsync/credentials-refused]',
  "401 for a clock that is off":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to synchronize the node pool with 401 APIGW.0303 Incorrect app authentication information (request id <request>). Set this machine\'s clock: the service refused a signature for its time. [nodepoolsync/credentials-refused]',
  "401 for a signature that has expired":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to synchronize the node pool with 401 APIGW.0301 Incorrect IAM authentication information: signature expired (request id <request>). Set this machine\'s clock: the service refused a signature for its time. [nodepoolsync/credentials-refused]',
  "403":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to synchronize the node pool with 403 CCE.01403001 Forbidden (request id <request>). Grant the IAM actions to sync (cce:nodepool:upgradeNodepool; in the older IAM cce:nodepool:update) and to watch (cce:nodepool:list, cce:node:list, cce:node:getNode, cce:job:get and cce:cluster:getCluster; in the older IAM cce:node:get and cce:cluster:get). [nodepoolsync/permission-denied]',
  "403 for the pool's state":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync could not be sent before the deadline: the service answered the request to synchronize the node pool with 403 CCE.01403003 The node pool does not allow this (request id <request>). No node was reset. Wait until the cluster, the pool and its nodes are idle, or allow more time with customTimeouts, then run `pulumi up` again. [nodepoolsync/busy]',
  "404":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to synchronize the node pool with 404 CCE.01404001 Resource not found (request id <request>). Check clusterId and nodePoolId, and the region and project in the configuration. [nodepoolsync/not-found]',
  "409":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync could not be sent before the deadline: the service answered the request to synchronize the node pool with 409 CCE.01409002 The resource version is out of date (request id <request>). No node was reset. Wait until the cluster, the pool and its nodes are idle, or allow more time with customTimeouts, then run `pulumi up` again. [nodepoolsync/busy]',
  "429 for ever":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync could not be sent before the deadline: the service answered the request to synchronize the node pool with 429 CCE.01429003 Too many concurrent tasks (request id <request>). No node was reset. Too many requests for this user: wait a few minutes, then run `pulumi up` again. [nodepoolsync/throttled]',
  "500":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: it is not known whether the sync was accepted, so it was not sent again: the service answered the request to synchronize the node pool with 500 CCE.01500001 Internal error (request id <request>); there is no sign that the sync has started. Check the pool in the CCE console, then run `pulumi up` again: it checks the pool first, and resends the sync only if there is no sign that it ran. [nodepoolsync/outcome-unknown]',
  "401 while the sync runs":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync was accepted and may still be running, but it cannot be watched: the service answered the request to list the node pools with 401 APIGW.0301 the signature is wrong (request id <request>). The credentials come from environment HW_ACCESS_KEY and HW_SECRET_KEY. Check the access key and the secret key, and that they are still valid. Nothing more is sent with them in this run, because five refused signatures in a row lock a key. Fix the problem above, then run `pulumi up` again: it resumes watching. [nodepoolsync/watch-failed]',
  "401 to a token":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to list the nodes with 401 APIGW.0301 Incorrect IAM authentication information: the token is invalid (request id <request>). The credentials come from environment HW_AUTH_TOKEN. Check the token: it may have expired, or be for another project or region. A token that is configured cannot be renewed: obtain another one. [nodepoolsync/credentials-refused]',
  "a variable in another spelling": `NodePoolSync "workers": the configuration cannot be used; nothing was sent:
- environment HW_ACCESSKEY: is not a known variable; did you mean HW_ACCESS_KEY?
Set the missing values and correct the wrong ones, then run \`pulumi up\` again. [nodepoolsync/configuration]`,
  "a role without an account": `NodePoolSync "workers": the configuration cannot be used; nothing was sent:
- assumeRole: HW_ASSUME_ROLE_AGENCY_NAME is set without HW_ASSUME_ROLE_DOMAIN_NAME, the account that made the agency
Set the missing values and correct the wrong ones, then run \`pulumi up\` again. [nodepoolsync/configuration]`,
  "a token for a host that nobody configured": `NodePoolSync "workers": the configuration cannot be used; nothing was sent:
- endpoint of cce: https://cce.example.com would get a token (token), and is neither made from the region nor configured; set it in Pulumi config huaweicloud:endpoints or HW_ENDPOINTS if you trust it, or use an access key
Set the missing values and correct the wrong ones, then run \`pulumi up\` again. [nodepoolsync/configuration]`,
  "a redirection":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to list the node pools with 302 (redirected to https://login.example.com/; redirections are not followed) (request id <request>). Check the endpoint, the proxy and the network: something other than the service answers at this address. Then run `pulumi up` again. [nodepoolsync/unreachable]',
  "a redirection of the sync":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to synchronize the node pool with 307 (redirected to https://login.example.com/; redirections are not followed) (request id <request>). Check the endpoint, the proxy and the network: something other than the service answers at this address. Then run `pulumi up` again. [nodepoolsync/unreachable]',
  "more nodes than validateStorage allows":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: validateStorage: a sync with it takes at most 200 nodes, and 201 have to be reset. Select fewer nodes with nodeIds or excludeNodeIds, or set validateStorage to false, then run `pulumi up` again. [nodepoolsync/invalid-request]',
  "500 to every look":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync could not be sent before the deadline: the service answered the request to list the node pools with 500 CCE.01500001 Internal error (request id <request>). No node was reset. Run `pulumi up` again: it checks the pool first and sends nothing that is already running. [nodepoolsync/service-fault]',
  "a host that does not speak TLS":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: nothing was sent: <host> does not speak TLS (ERR_SSL_WRONG_VERSION_NUMBER). Correct the endpoint, or set its issuer\'s certificate as cacertFile in the provider configuration or as OS_CACERT, then run `pulumi up` again. [nodepoolsync/tls]',
  "a certificate that is not trusted":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: nothing was sent: 127.0.0.1:<port> has a certificate that is not trusted (SELF_SIGNED_CERT_IN_CHAIN). Correct the endpoint, or set its issuer\'s certificate as cacertFile in the provider configuration or as OS_CACERT, then run `pulumi up` again. [nodepoolsync/tls]',
  "a proxy that refuses":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: nothing was sent: the proxy refuses requests to cce.emulated-1.myhuaweicloud.com (407). Put the proxy\'s user name and password into HTTPS_PROXY, or name the host in NO_PROXY. [nodepoolsync/unreachable]',
  "a user whose password is wrong":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to authenticate the IAM user with 401 The username or password is wrong. (request id <request>). The credentials come from environment HW_USER_NAME and HW_USER_PASSWORD. Check the user\'s name, account (domain), password and project. Nothing more is sent with them in this run, because refused passwords lock a user. [nodepoolsync/credentials-refused]',
  "a project that is not there":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: no project is named nowhere. Set projectId, as an input or in the provider configuration, or HW_PROJECT_ID, so that nothing has to be looked up. [nodepoolsync/configuration]',
  "a node that fails":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync failed: pool-1: 1 of 3 nodes failed; 1 of 3 nodes not synchronized: pool-1-node-1 (the disk did not mount). Fix the problems above, then run `pulumi up` again: it repeats the sync for the remaining nodes. [nodepoolsync/sync-failed]',
  "a job that ends before the turn of some nodes":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync failed: pool-1: the job was stopped; the job was stopped; 2 of 3 nodes not synchronized: pool-1-node-2 (not reached before the sync ended), pool-1-node-3 (not reached before the sync ended). Fix the problems above, then run `pulumi up` again: it repeats the sync for the remaining nodes. [nodepoolsync/sync-failed]',
  "a pool that disappears while the sync runs":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync failed: the node pool was deleted. Fix the problems above, then run `pulumi up` again: it repeats the sync for the remaining nodes. [nodepoolsync/sync-failed]',
  "an interruption before the sync is sent":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: interrupted; no sync was sent and no node was reset. Run `pulumi up` again: it checks the pool first and sends nothing that is already running. [nodepoolsync/interrupted]',
  "an interruption before the request is answered":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: interrupted before the service answered the request; it is not known whether the sync has started. Run `pulumi up` again: it checks the pool first and sends nothing that is already running. [nodepoolsync/interrupted]',
  "an interruption while the sync runs":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: interrupted while the sync was running; the service goes on resetting nodes; 0 of 3 nodes synchronized. Run `pulumi up` again: it checks the pool first and sends nothing that is already running. [nodepoolsync/interrupted]',
  "a state that a newer version wrote":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the state was written by a newer version of pulumi-cce-nodepool-sync (state version 99; this one reads up to 2). Install the newest version of the package. If that cannot read it either, run `pulumi state delete` on the resource and `pulumi up` again. [nodepoolsync/unreadable-state]',
  "a state that is none":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the recorded state cannot be read. Install the newest version of the package. If that cannot read it either, run `pulumi state delete` on the resource and `pulumi up` again. [nodepoolsync/unreadable-state]',
  "inputs that were never checked":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: ids is not iterable. This is a bug in pulumi-cce-nodepool-sync: please report it. [nodepoolsync/internal]',
  "no credentials": `NodePoolSync "workers": the configuration cannot be used; nothing was sent:
- credentials: not found (neither the Pulumi config nor the environment has any; the metadata service is not used with a local endpoint). Set HW_ACCESS_KEY and HW_SECRET_KEY in the environment, or huaweicloud:accessKey and huaweicloud:secretKey in the Pulumi config; docs/credentials.md of this package has all other ways
Set the missing values and correct the wrong ones, then run \`pulumi up\` again. [nodepoolsync/configuration]`,
  "half a credential": `NodePoolSync "workers": the configuration cannot be used; nothing was sent:
- credentials: HW_ACCESS_KEY is set without HW_SECRET_KEY; set both, or neither
Set the missing values and correct the wrong ones, then run \`pulumi up\` again. [nodepoolsync/configuration]`,
  "no region": `NodePoolSync "workers": the configuration cannot be used; nothing was sent:
- region: not found; looked at: input region, Pulumi config huaweicloud:region, environment HW_REGION_NAME, OS_REGION_NAME (an endpoint for cce would do as well)
Set the missing values and correct the wrong ones, then run \`pulumi up\` again. [nodepoolsync/configuration]`,
  "endpoints of garbage": `NodePoolSync "workers": the configuration cannot be used; nothing was sent:
- endpoints: environment HW_ENDPOINTS must be a JSON object of addresses such as {"cce": "https://…"}
Set the missing values and correct the wrong ones, then run \`pulumi up\` again. [nodepoolsync/configuration]`,
  "endpoints of a misspelled service": `NodePoolSync "workers": the configuration cannot be used; nothing was sent:
- endpoints: environment HW_ENDPOINTS has the part ccee, which is none of cce, iam, sts, metadata; did you mean cce?
Set the missing values and correct the wrong ones, then run \`pulumi up\` again. [nodepoolsync/configuration]`,
  "plain http to another host": `NodePoolSync "workers": the configuration cannot be used; nothing was sent:
- endpoint of cce: must begin with https:// (plain http is accepted for loopback addresses only); this address comes from environment HW_ENDPOINTS
Set the missing values and correct the wrong ones, then run \`pulumi up\` again. [nodepoolsync/configuration]`,
  "everything at once": `NodePoolSync "workers": the configuration cannot be used; nothing was sent:
- endpoint of cce: must be a URL such as https://cce.eu-west-101.myhuaweicloud.eu; this address comes from environment HW_ENDPOINTS
- credentials: HW_SECRET_KEY is set without HW_ACCESS_KEY; set both, or neither
- region: must be a region such as eu-west-101; it comes from environment HW_REGION_NAME
- pollInterval: must be a number above 0, at most 60 (Pulumi config cce-nodepool-sync:pollInterval, environment CCE_NODEPOOL_SYNC_POLL_INTERVAL)
Set the missing values and correct the wrong ones, then run \`pulumi up\` again. [nodepoolsync/configuration]`,
  "nodes that are not in the pool":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: nodeIds: not in this node pool: no-such-node (not in the cluster), <node> (defaultpool-node-4, in pool DefaultPool). Remove these ids, or leave nodeIds out to select every node of the pool, then run `pulumi up` again. [nodepoolsync/not-found]',
  "a list that lacks nodes":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync could not be sent before the deadline: the service lists 0 of 3 nodes of the pool. No node was reset. Wait until the cluster, the pool and its nodes are idle, or allow more time with customTimeouts, then run `pulumi up` again. [nodepoolsync/busy]',
  "a pool of another cluster":
    'NodePoolSync "workers", node pool no-such-pool of cluster <cluster>: nodePoolId: the cluster has no such node pool; it has DefaultPool, <pool> (pool-1). Correct nodePoolId or clusterId, then run `pulumi up` again. [nodepoolsync/not-found]',
  "an unknown cluster":
    'NodePoolSync "workers", node pool <pool> of cluster no-such-cluster: the service answered the request to list the nodes with 404 CCE.01404001 Resource not found: the cluster does not exist (request id <request>). Check clusterId and nodePoolId, and the region and project in the configuration. [nodepoolsync/not-found]',
  "a cluster that hibernates":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to synchronize the node pool with 403 CCE.01403009 Forbidden: the cluster is Hibernation, not Available (request id <request>); the cluster\'s phase is Hibernation, which does not end by itself. Wake up or repair the cluster, then run `pulumi up` again. [nodepoolsync/cluster-unavailable]',
  "a cluster that is unavailable":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the service answered the request to synchronize the node pool with 403 CCE.01403009 Forbidden: the cluster is Unavailable, not Available (request id <request>); the cluster\'s phase is Unavailable, which does not end by itself. Wake up or repair the cluster, then run `pulumi up` again. [nodepoolsync/cluster-unavailable]',
  "a cluster that is being upgraded":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync could not be sent before the deadline: the service answered the request to synchronize the node pool with 403 CCE.01403009 Forbidden: the cluster is Upgrading, not Available (request id <request>). No node was reset. Wait until the cluster, the pool and its nodes are idle, or allow more time with customTimeouts, then run `pulumi up` again. [nodepoolsync/busy]',
  "a pool that is being scaled":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync could not be sent before the deadline: the pool is being scaled. No node was reset. Wait until the cluster, the pool and its nodes are idle, or allow more time with customTimeouts, then run `pulumi up` again. [nodepoolsync/busy]',
  "a pool that somebody else synchronizes":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync could not be sent before the deadline: another sync is running (pool-1-node-1). No node was reset. Wait until the cluster, the pool and its nodes are idle, or allow more time with customTimeouts, then run `pulumi up` again. [nodepoolsync/busy]',
  "a deadline shorter than one poll":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync was accepted 0 s ago, but the service shows no sign that it has started; 0 of 3 nodes synchronized. Run `pulumi up` again: it resumes watching and does not resend a running sync. Allow more time with customTimeouts if needed. If the sync makes no more progress, change triggers to send it again. [nodepoolsync/timed-out]',
  "a service that shows nothing of what it does":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync was accepted and has ended, but the service showed no sign that it reset any node. Check the nodes in the CCE console. `pulumi up` does not resend this sync; to reset the nodes all the same, change triggers. [nodepoolsync/unconfirmed]',
  "nodes that may not be listed":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the credentials do not allow listing nodes, and without the list no node can be chosen or watched. Grant the IAM action cce:node:list. Without it, a sync can only be sent with `wait: false` and `nodeIds`. [nodepoolsync/permission-denied]',
  "a deadline in mid-sync":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync was accepted, but not finished after 1 min 59 s: pool-1-node-1 (Installing), pool-1-node-2 (Installing), pool-1-node-3 (waiting); 0 of 3 nodes synchronized. Run `pulumi up` again: it resumes watching and does not resend a running sync. Allow more time with customTimeouts if needed. If the sync makes no more progress, change triggers to send it again. [nodepoolsync/timed-out]',
  "an endpoint that cannot be reached":
    'NodePoolSync "workers", node pool <pool> of cluster <cluster>: the sync could not be sent before the deadline: no usable answer to the request to list the node pools: 127.0.0.1:1 cannot be reached (ECONNREFUSED); this address comes from the input endpoint. No node was reset. Check the network and the endpoint, then run `pulumi up` again. [nodepoolsync/unreachable]',
} as const;
