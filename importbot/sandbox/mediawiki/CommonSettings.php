<?php
// Settings of every sandbox wiki; what differs between them is set by the
// LocalSettings.php that includes this file.
$wgScriptPath = '';
$wgUsePathInfo = true;
require __DIR__ . "/$wgDBtype.php";
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
