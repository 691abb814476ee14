/**
 * The words that a sentence in a trace keeps, in lower case: those of the service's and of this package's messages. Any
 * other word may be a name, and nothing would distinguish it from one.
 */
export const vocabulary: ReadonlySet<string> = new Set(
  `
  able abnormal abort aborted aborts about above absent accept acceptance accepted accepting accepts access account
  action actions active add added adding address addresses admin adopt adopted advance advice after again against
  agencies agency agent ago ak aksk algorithm aliases all allocate allocated allow allowed allows alone alphabet
  already also always among amount an and anew annotation annotations another answer answered answers any anyone
  anything anywhere api apig apigw app append appendix appends application apply archives are aren argument array as
  ascii aside ask asked asks assets assign assigned associated assume assumed at attach attached attempt attempts
  auth authenticate authenticated authenticates authentication authority authorization authorize authorized auto
  availability available await az back backend backwards bad balance bandwidth bare base bash batch batches be
  because been before began begin begins begun behind being believed belong belongs below beside besides better
  between bits blocked blocks bodies body bool boot both bound breaks bring broke browser bug build burst busy but
  by byte bytes cacert calculated call came can canary cancel canceled cancelled candidate cannot canonical cap
  capacity capi capital carry catch cause causes cce center centrally cert certificate certificates change changed
  changelog changes character characters charge chars check checked checking checks child chinese choice choose
  chosen class clean clear cleared clears cli client clock close closed cloud clouds cluster clusters code codes
  colon columns com come comes command commands comment common compared comparison complete completed completes
  component condition conditions config configuration configurations configure configured confirm confirmed conflict
  conflicts connect connected connection connections console const constraints contact contain container containerd
  contains content continue contradictory contradicts control controller copy core correct corrupt cost could couldn
  count counts cover cpu create created creates creating creation credential credentials crypt cts current currently
  custom cycle daemon data date day days deadline declaration declare declared deep default defaults delay delegated
  delete deleted deleting deletion denied dependency depends deploy deployed deployment deprecated describe
  described describes description destroy detach detail details did didn dies differ difference differences
  different digest digit digits directory disable disabled disappeared disappears disconnected disk disks distance
  dns do doc docker docs documentation documented does doesn domain done dot down download drain drained draining
  driver due duplicate duplicated duration during each earlier ecs edit edited eight eip either elapsed element else
  elsewhere empty emulator enable enabled encode encoded encoding encrypt encrypted encryption end ended endpoint
  endpoints ends engine enough enter entered enterprise entity entries entry env environment error errors escape etc
  eu even every evict evicted evicting eviction evs exactly example exceed exceeded exceeds except exceptional
  exchange exclude excluded excludes exec execute executed executing execution exist existed existing exists exit
  exited exp expect expected expire expired expires expiry explains explicit external facts fail failed failing
  fails failure failures fallback false far fatal fault faults feature few fewer field fields file files filter
  filters finally find fine finish finished finite first five fix flag flags flavor flavors folder follow followed
  following follows for forbid forbidden force forced forecast form format forwards found four fragment free freeze
  fresh from front frozen full function further gap gateway gave general generate generated get gets gigabytes give
  given gives go goes gone good got gpu graceful grant granted group groups grows guidance guide had handle handler
  hang happened happens hard hardening has hash hasn have haven head header headers health healthy heard held help
  here hex hibernate hibernated hibernating hibernation higher history hmac hold holds host hostname hosts hour
  hours how however html http https huaweicloud huaweicloudsdkcce hundreds hw iam id identified identifier identity
  idle ids if ignore ignored ignores illegal image images import in inactive included includes incomplete
  inconsistent incorrect index info information init initial initialize initialized initializing input inputs ins
  insecure insert inside install installation installed installer installing instance instances instead insufficient
  int integer interface internal interrupted interval into invalid io ip is isn iso issue issued issuer issuers it
  item items its itself job jobs join joined joining js json judged just keep keeps kept kernel key keys kind know
  known knows koo kubeadm kubelet kubernetes label labels lacks lags large last late later latest least leave leaves
  left length less letters levels library life lifecycle lifted like limit limited limits line lines link list
  listed listing lists live load local lock locked log logged login logs long longer longest look looked looks loop
  loopback lost low lowercase machine made main maintenance make makes malformed manage managed management manager
  manages mandatory manner manual many map marked marker markers marks match matched matches matching matters max
  maximum may maybe mean meaning means mebibytes memory message messages metadata method methods metric migrate
  milliseconds min minimum minute minutes missing mode model models modified modify module moment month more most
  mount mounted mounting move moved moving much multiple must mutex myhuaweicloud name named names namespace need
  needed needs neither nested network networks never new newer newest newly next nginx nine no noby node nodepool
  nodepools nodes non none nor normal not note noted nothing notice noticed now null number obey object objects obs
  obtain obtained obtaining occupied occurred of off offer official offline offset often ok old older oldest omitted
  on once one ones ongoing online only open opened openssl operate operation operations operator optional options or
  order orders os otc other others out outcome outdated outlive output outputs outside over overload owed own owner
  package padding page pages paid pair parameter parameters parent parse parsed part partial parts pass passed
  passes passwd password passwords path patience pattern pause paused pem pending people per percent percentage
  performed period permission permissions permitted phase phases ping place plain plan please plugin pod pods point
  policies policy poll pool pools port position possible post power pre prefix prepare prepared preparing present
  prevent preview previews previous printable prints private privilege probe probed problem problems process
  processed processing product profile program progress prohibited project projects proper properties property
  protected protocol proven proves provided provider providers proxies proxy public pull pulumi put py queried query
  queue quietly quota quotas quote quotes ran random range rate raw reach reached read readable reading reads ready
  real reason reasons reboot receive received recent recently record recorded recover recovered recovering recovery
  recreate redirect redirected redirections reference references refresh refused refuses refusing reg region regions
  register registered regular reinstalled reject rejected rejects related relative release released reload remain
  remaining remedies remedy remote remove removed removing renew renewed repair repaired repairing repeat repeated
  repeats replace replaced replica report reported reports req request requested requests require required requires
  resend resends reserved reset resets resetting resize resolve resource resources respond response responses rest
  restart restarted restriction result results resume resumes retain retried retries retry retrying return returned
  returns right rights role roles rollout root rotate round rounded rounds row rows rule rules run running runs
  runtime safe said salt salted salts same satisfies save say says scale scaled scaling schedule scheduled scheduler
  scope script scripts scrypt sdk searched second seconds secret secrets section security securitytokens see seed
  seen seldom select selected selection self send sends sent sentence separate separates separators server servers
  serves service services session sessions set setting settings settled settling setup seven several severity sh sha
  shape shapes shared short should show showed showing shown shows shut shutdown sides sign signature signatures
  signed signing similar since single site six size skip skipped slash slow small snapshot so soak soaking soaks
  socket soft software some somebody something soon sorted source sources space spaces span spares speak speaks spec
  special specification specifications specified specifies specify spelling split splits spoke ssh sso stack stage
  stand standard stands start started starting starts state statement status stayed step steps still stop stopped
  stopping storage store stored stress string strings structure sts style sub subject submit submitted subnet
  success successful successfully such sufficient suffix suggest superseded support supported suspend suspended
  switch symbolic sync synced synchronization synchronize synchronized synchronizing syntax system systemctl systems
  table tag tags taint taints take taken takes target task tasks tell template temporarily temporary ten tenant
  terminal terminate terminated test text tf than that the their them themselves then there these they third this
  those thousands three threshold throttled throttling through throw time timed timeout timeouts times timestamp
  title tls to today together token tokens tolerated too tools total trace traffic transaction transcoding transient
  transition transport trap treated tries triggers trimmed true trust trusted trusts truth try trying ts tunnel
  twice two type types typing unable unanswered unauthorized unavailable unbind unchanged unconfirmed undefined
  under understood unexpected unfinished unhealthy uninstall uninstalling union unique unit units unknown unless
  unlock unmount unpaid unreachable unreadable unschedulable unsupported until untrusted up update updated updates
  updating upgrade upgraded upgrades upgrading uppercase uri url usable usage use used user username users uses
  using utc utils uuid valid validate validation value values variable variables vendor verb verbs verdict
  verification verified verify version versions via view virtual volume volumes vpc wait waited waiting waits wake
  want wanted warning warns was wasn watch watched watching wave waves way ways web well went were west what
  whatever when where whether which while white who whoever whole whose why will wins with within without won word
  words work worked working works worth would write writes writing written wrong xml yaml year years yes yet you
  your zone zones
`.split(/\s+/),
);
