<?php
// Settings of every sandbox wiki; what differs between them is set by the
// LocalSettings.php that includes this file.
$wgScriptPath = '';
$wgUsePathInfo = true;
$wgDBtype = 'sqlite';
$wgDBname = 'wiki';
// One request is one transaction, as on every wiki: 'flags' are MediaWiki's
// own. Who writes has the lock from the first statement on, since SQLite lets
// nobody wait who has read already; who only reads waits for nobody.
$sandboxReads = ( $_REQUEST['action'] ?? '' ) === 'query'
	|| ( $_SERVER['REQUEST_METHOD'] ?? '' ) === 'GET';
$sandboxVariables = [ 'synchronous' => 'OFF', 'busy_timeout' => 30000 ];
$wgDBservers = [ [
	'type' => 'sqlite',
	'dbname' => $wgDBname,
	'dbDirectory' => $wgSQLiteDataDir,
	'trxMode' => $sandboxReads ? '' : 'IMMEDIATE',
	'variables' => $sandboxVariables,
	'load' => 1,
] ];
// In files of their own, as MediaWiki's installer has them: nobody waits for
// the transaction of a request to store a session or a job.
$sandboxStore = static fn ( $name ) => [
	'type' => 'sqlite',
	'dbname' => $name,
	'tablePrefix' => '',
	'dbDirectory' => $wgSQLiteDataDir,
	'trxMode' => 'IMMEDIATE',
	'variables' => $sandboxVariables,
	'flags' => 0,
];
$wgObjectCaches[CACHE_DB] = [
	'class' => SqlBagOStuff::class,
	'loggroup' => 'SQLBagOStuff',
	'server' => $sandboxStore( 'wikicache' ),
];
$wgJobTypeConf['default'] = [
	'class' => JobQueueDB::class,
	'claimTTL' => 3600,
	'server' => $sandboxStore( "{$wgDBname}_jobqueue" ),
];
$wgMainCacheType = CACHE_ACCEL;
$wgMainStash = CACHE_DB;
$wgSessionCacheType = CACHE_DB;
$wgLocalisationCacheConf['store'] = 'array';
$wgLocalisationCacheConf['storeDirectory'] = $wgCacheDirectory;
$wgUpgradeKey = false;

$wgJobRunRate = 0;
$wgEnableEmail = false;
$wgPingback = false;
$wgEnableUploads = false;
$wgRateLimits = [];
$wgPasswordAttemptThrottle = [];
// The passwords are known to everybody; to hash them is all a login costs.
$wgPasswordConfig['pbkdf2']['cost'] = '1';
$wgShowExceptionDetails = true;
$wgNamespacesWithSubpages[NS_MAIN] = false;
$wgNamespacesWithSubpages[NS_TEMPLATE] = true;
$wgHTTPProxy = '';

$wgGroupPermissions['sysop']['deleterevision'] = true;
$wgGroupPermissions['sysop']['deletelogentry'] = true;
// The bot flag and nothing else: what a bot needs beyond it must show.
$wgGroupPermissions['bot'] = [ 'bot' => true ];
$wgGroupPermissions['importer'] = [ 'import' => true, 'importupload' => true ];
$wgEnableBotPasswords = true;

wfLoadExtensions( [ 'Cite', 'InputBox', 'ParserFunctions', 'Scribunto', 'TemplateData' ] );
wfLoadExtension( 'SandboxStyles', __DIR__ . '/SandboxStyles/extension.json' );
wfLoadSkin( 'Vector' );
$wgScribuntoDefaultEngine = 'luastandalone';
