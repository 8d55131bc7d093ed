<?php
// MediaWiki's and MariaDB's own settings: one request is one transaction, and
// sessions and jobs have connections of their own.
$wgDBservers = [ [
	'type' => 'mysql',
	'host' => $wgDBserver,
	'dbname' => $wgDBname,
	'user' => $wgDBuser,
	'password' => $wgDBpassword,
	'load' => 1,
] ];
$wgDBTableOptions = 'ENGINE=InnoDB, DEFAULT CHARSET=binary';
