<?php
// One request is one transaction, as on every wiki: 'flags' and 'trxMode' are
// MediaWiki's own. A request by POST has the lock from its first statement
// on, since SQLite lets nobody wait who has read already.
$sandboxVariables = [ 'synchronous' => 'OFF', 'busy_timeout' => 30000 ];
$wgDBservers = [ [
	'type' => 'sqlite',
	'dbname' => $wgDBname,
	'dbDirectory' => $wgSQLiteDataDir,
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
