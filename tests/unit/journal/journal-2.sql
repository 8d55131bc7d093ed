PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE importbot_health (
	target_api VARCHAR(255) NOT NULL, 
	task VARCHAR(32) NOT NULL, 
	passed VARCHAR(32) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	detail TEXT NOT NULL, 
	PRIMARY KEY (target_api, task)
);
CREATE TABLE importbot_leases (
	target_api VARCHAR(255) NOT NULL, 
	run INTEGER NOT NULL, 
	holder VARCHAR(255) NOT NULL, 
	heartbeat VARCHAR(32) NOT NULL, 
	PRIMARY KEY (target_api)
);
INSERT INTO importbot_leases VALUES('http://127.0.0.1:37171/api.php',3,'elsewhere:1','1970-01-01T00:00:00+00:00');
CREATE TABLE importbot_readings (
	text VARCHAR(64) NOT NULL, 
	found TEXT NOT NULL, 
	PRIMARY KEY (text)
);
INSERT INTO importbot_readings VALUES('d01886b3eb9d92de5daec5e875fd6c11ba3f6063ad94ab66b613356bdf26f6c0','{"titles": [[10, "Documentation"], [828, "Citation"]], "unresolved": [], "redirect": null, "functions": ["invoke"], "tags": [], "libraries": []}');
INSERT INTO importbot_readings VALUES('1a828d1bb21a639f6d4c7443a70ca94e441533e73b74b70d9a69641483c05750','{"titles": [], "unresolved": [], "redirect": null, "functions": [], "tags": [], "libraries": []}');
INSERT INTO importbot_readings VALUES('35efcc89fc3b8db68c8f373a4d7661b351dcb97d367258a8e8045f0518f9cb06','{"titles": [], "unresolved": [], "redirect": null, "functions": [], "tags": [], "libraries": []}');
INSERT INTO importbot_readings VALUES('536141599f907a3fb2cf2b3bfa00b5e2885e2a784a85a6314b6f9d3b40edda85','{"titles": [], "unresolved": [], "redirect": null, "functions": ["fullurl", "int"], "tags": [], "libraries": []}');
INSERT INTO importbot_readings VALUES('5ef02d37f79b1c0a34ba9dc667e6e7dc4d7dc5c810d1bb2827a3ea02e9b445a6','{"titles": [], "unresolved": [], "redirect": null, "functions": [], "tags": [], "libraries": []}');
INSERT INTO importbot_readings VALUES('6bfcb4324fa5c15b435d405eb41fe37d6d325a9aee0be47f4ac0485e0320ed22','{"titles": [[828, "Documentation"]], "unresolved": [], "redirect": null, "functions": ["invoke"], "tags": [], "libraries": []}');
INSERT INTO importbot_readings VALUES('7e3c7efe27512cd6f1dee65fd3974627876e0f531e65528a599d4651b4492d97','{"titles": [[828, "Table tools"]], "unresolved": [], "redirect": null, "functions": [], "tags": [], "libraries": ["mw.ustring"]}');
INSERT INTO importbot_readings VALUES('7f1a9124d04532ba7b51eb6e2d84bc01765707c99c22148833fb1671bcc278fa','{"titles": [[828, "Arguments"]], "unresolved": [], "redirect": null, "functions": [], "tags": [], "libraries": ["mw.html", "mw.title"]}');
INSERT INTO importbot_readings VALUES('aea0cf13b7cbe2b5b09246ab709ea2cf4f2f7f74bc1f77e54b4f38580e9575d5','{"titles": [[10, "Documentation subpage"], [10, "Tl"], [10, "Uses Lua"]], "unresolved": [], "redirect": null, "functions": [], "tags": ["pre", "templatedata"], "libraries": []}');
INSERT INTO importbot_readings VALUES('aeeb831101946f5da3adf2ba5af83b75ce63cb0304f24aed930e798a73cfed87','{"titles": [], "unresolved": [], "redirect": null, "functions": [], "tags": [], "libraries": []}');
INSERT INTO importbot_readings VALUES('cc35281e833be5dd272fc1e75bc394181766b7e2e54a98d1e0573e07668976a6','{"titles": [[828, "String utilities"]], "unresolved": [], "redirect": null, "functions": [], "tags": [], "libraries": []}');
INSERT INTO importbot_readings VALUES('d563f970fa80ab00ea40bcdd3e028a051680b5f9ca0d895207e89756a8bcf2c9','{"titles": [[10, "Format date"]], "unresolved": [], "redirect": null, "functions": ["if"], "tags": [], "libraries": []}');
INSERT INTO importbot_readings VALUES('a5f967a4abceabfcbbf1ffe10a20cc3674cc2524c3355608b11bb20362252201','{"titles": [[10, "Tl"]], "unresolved": [], "redirect": null, "functions": [], "tags": [], "libraries": []}');
INSERT INTO importbot_readings VALUES('d67b081835fc9d2e28cd269a9e72d93ef46734469a9cd1fc3eacddea515d98f1','{"titles": [[10, "Documentation"], [10, "Navbox/styles.css"], [828, "Navbox"]], "unresolved": [], "redirect": null, "functions": ["invoke"], "tags": ["templatestyles"], "libraries": []}');
INSERT INTO importbot_readings VALUES('fb3e7ad3e529389637d299839990712f2e14474e40060be5f5035413caa02b2b','{"titles": [[10, "Documentation subpage"], [10, "Uses Lua"]], "unresolved": [], "redirect": null, "functions": [], "tags": ["pre"], "libraries": []}');
CREATE TABLE importbot_requests (
	id VARCHAR(32) NOT NULL, 
	target_api VARCHAR(255) NOT NULL, 
	page VARCHAR(512) NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	opened VARCHAR(32) NOT NULL, 
	ended VARCHAR(32), 
	author VARCHAR(255) NOT NULL, 
	author_id BIGINT NOT NULL, 
	planned VARCHAR(32), 
	"plan" VARCHAR(64) NOT NULL, 
	saved_plan TEXT, 
	answers INTEGER NOT NULL, 
	answer VARCHAR(64) NOT NULL, 
	approver VARCHAR(255) NOT NULL, 
	approver_id BIGINT NOT NULL, 
	approved_revision BIGINT, 
	approvers JSON, 
	run INTEGER, 
	PRIMARY KEY (id)
);
CREATE TABLE importbot_runs (
	run INTEGER NOT NULL, 
	"plan" VARCHAR(64) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	started VARCHAR(32) NOT NULL, 
	ended VARCHAR(32), 
	source_api VARCHAR(255) NOT NULL, 
	source_prefix VARCHAR(255) NOT NULL, 
	target_api VARCHAR(255) NOT NULL, 
	target_user VARCHAR(255) NOT NULL, 
	options JSON NOT NULL, 
	PRIMARY KEY (run)
);
INSERT INTO importbot_runs VALUES(1,'93d029b30d474f98','finished','2026-11-28T08:44:19+00:00','2026-11-28T08:44:26+00:00','http://127.0.0.1:47669/api.php','en','http://127.0.0.1:37171/api.php','ImportBot','{"templates": "used", "existing": "skip", "existingpages": "skip", "history": "full", "templatehistory": "current", "namespace": null, "rootpage": "", "summary": "", "tags": [], "only": [], "exclude": [], "nodocs": false, "talk": false, "nsmap": [], "targettitle": "", "titlemap": [], "equivalents": "note", "maxused": 500, "maxpages": 500, "maxrevisions": 10000, "via": "auto", "order": "auto", "before": "", "authors": "prefix", "authormap": [], "interwikiprefix": ""}');
INSERT INTO importbot_runs VALUES(2,'05cdb2438a76695f','finished','2026-11-28T08:44:31+00:00','2026-11-28T08:44:32+00:00','http://127.0.0.1:47669/api.php','en','http://127.0.0.1:37171/api.php','ImportBot','{"templates": "used", "existing": "skip", "existingpages": "skip", "history": "full", "templatehistory": "current", "namespace": null, "rootpage": "", "summary": "", "tags": [], "only": [], "exclude": [], "nodocs": false, "talk": false, "nsmap": [], "targettitle": "", "titlemap": [], "equivalents": "note", "maxused": 500, "maxpages": 500, "maxrevisions": 10000, "via": "auto", "order": "auto", "before": "", "authors": "prefix", "authormap": [], "interwikiprefix": ""}');
INSERT INTO importbot_runs VALUES(3,'afd613914834d45d','running','2026-11-28T08:44:37+00:00',NULL,'http://127.0.0.1:47669/api.php','en','http://127.0.0.1:37171/api.php','ImportBot','{"templates": "used", "existing": "skip", "existingpages": "skip", "history": "full", "templatehistory": "current", "namespace": null, "rootpage": "", "summary": "", "tags": [], "only": [], "exclude": [], "nodocs": false, "talk": false, "nsmap": [], "targettitle": "", "titlemap": [], "equivalents": "note", "maxused": 500, "maxpages": 500, "maxrevisions": 10000, "via": "auto", "order": "auto", "before": "", "authors": "prefix", "authormap": [], "interwikiprefix": ""}');
CREATE TABLE importbot_schema (
	version INTEGER NOT NULL, 
	PRIMARY KEY (version)
);
INSERT INTO importbot_schema VALUES(2);
CREATE TABLE importbot_uploads (
	target_api VARCHAR(255) NOT NULL, 
	most BIGINT NOT NULL, 
	guess BIGINT NOT NULL, 
	proven BIGINT NOT NULL, 
	learnt VARCHAR(32) NOT NULL, 
	PRIMARY KEY (target_api)
);
CREATE TABLE importbot_pages (
	run INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	title VARCHAR(512) NOT NULL, 
	target VARCHAR(512) NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	relation VARCHAR(16), 
	decision VARCHAR(16) NOT NULL, 
	reason VARCHAR(32) NOT NULL, 
	decided JSON NOT NULL, 
	sent VARCHAR(32), 
	revision_before BIGINT, 
	outcome VARCHAR(16), 
	imported INTEGER NOT NULL, 
	error TEXT, 
	PRIMARY KEY (run, position), 
	FOREIGN KEY(run) REFERENCES importbot_runs (run)
);
INSERT INTO importbot_pages VALUES(1,0,'Template:Tl','Template:Tl','template','missing','import','needed','{"title": "Template:Tl", "ns": 10, "target": "Template:Tl", "role": "template", "needed_by": ["Template:Cite web/doc"], "evidence": ["mentioned", "used"], "relation": "missing", "decision": "import", "reason": "needed", "steps": [{"action": "import", "via": "interwiki", "history": "current"}], "revisions": 1, "bytes": 132, "latest": 1236, "sha1": "a2a93a8792ffe37a54d1dccb1cf835b4e527573b"}','2026-11-28T08:44:19Z',0,'verified',1,NULL);
INSERT INTO importbot_pages VALUES(1,1,'Template:Uses Lua','Template:Uses Lua','template','missing','import','needed','{"title": "Template:Uses Lua", "ns": 10, "target": "Template:Uses Lua", "role": "template", "needed_by": ["Template:Cite web/doc"], "evidence": ["mentioned", "used"], "relation": "missing", "decision": "import", "reason": "needed", "steps": [{"action": "import", "via": "interwiki", "history": "current"}], "revisions": 1, "bytes": 130, "latest": 1243, "sha1": "9b3ccc10d778a0510510f060567755f270a021b4"}','2026-11-28T08:44:20Z',0,'verified',1,NULL);
INSERT INTO importbot_pages VALUES(1,2,'Template:Cite web/doc','Template:Cite web/doc','documentation','missing','import','needed','{"title": "Template:Cite web/doc", "ns": 10, "target": "Template:Cite web/doc", "role": "documentation", "needed_by": ["Template:Cite web"], "evidence": ["used"], "relation": "missing", "decision": "import", "reason": "needed", "steps": [{"action": "import", "via": "interwiki", "history": "current"}], "revisions": 1, "bytes": 798, "latest": 897, "sha1": "b143ce4d0a818d1f523e2c33d91f5ba7a8668469"}','2026-11-28T08:44:20Z',0,'verified',1,NULL);
INSERT INTO importbot_pages VALUES(1,3,'Module:Table tools','Module:Table tools','module','missing','import','needed','{"title": "Module:Table tools", "ns": 828, "target": "Module:Table tools", "role": "module", "needed_by": ["Module:String utilities"], "evidence": ["mentioned", "used"], "relation": "missing", "decision": "import", "reason": "needed", "steps": [{"action": "import", "via": "interwiki", "history": "current"}], "revisions": 1, "bytes": 1401, "latest": 812, "sha1": "829e1bb09df6600e59572c4d172e1f14672a672d"}','2026-11-28T08:44:21Z',0,'verified',1,NULL);
INSERT INTO importbot_pages VALUES(1,4,'Module:String utilities','Module:String utilities','module','missing','import','needed','{"title": "Module:String utilities", "ns": 828, "target": "Module:String utilities", "role": "module", "needed_by": ["Module:Arguments"], "evidence": ["mentioned", "used"], "relation": "missing", "decision": "import", "reason": "needed", "steps": [{"action": "import", "via": "interwiki", "history": "current"}], "revisions": 1, "bytes": 1605, "latest": 806, "sha1": "bb041cf3572b59bfa67031404dfdbe49bdda148d"}','2026-11-28T08:44:22Z',0,'verified',1,NULL);
INSERT INTO importbot_pages VALUES(1,5,'Module:Arguments','Module:Arguments','module','missing','import','needed','{"title": "Module:Arguments", "ns": 828, "target": "Module:Arguments", "role": "module", "needed_by": ["Module:Documentation"], "evidence": ["mentioned", "used"], "relation": "missing", "decision": "import", "reason": "needed", "steps": [{"action": "import", "via": "interwiki", "history": "current"}], "revisions": 1, "bytes": 1037, "latest": 719, "sha1": "40ecf4187d5133181f40a14f972fe3120e8bb034"}','2026-11-28T08:44:22Z',0,'verified',1,NULL);
INSERT INTO importbot_pages VALUES(1,6,'Module:Documentation','Module:Documentation','module','missing','import','needed','{"title": "Module:Documentation", "ns": 828, "target": "Module:Documentation", "role": "module", "needed_by": ["Template:Documentation"], "evidence": ["mentioned", "used"], "relation": "missing", "decision": "import", "reason": "needed", "steps": [{"action": "import", "via": "interwiki", "history": "current"}], "revisions": 1, "bytes": 1156, "latest": 754, "sha1": "4539452654f503960c0d672013932a038aa9cc53"}','2026-11-28T08:44:23Z',0,'verified',1,NULL);
INSERT INTO importbot_pages VALUES(1,7,'Template:Documentation','Template:Documentation','template','missing','import','needed','{"title": "Template:Documentation", "ns": 10, "target": "Template:Documentation", "role": "template", "needed_by": ["Template:Cite web"], "evidence": ["mentioned", "used"], "relation": "missing", "decision": "import", "reason": "needed", "steps": [{"action": "import", "via": "interwiki", "history": "current"}], "revisions": 1, "bytes": 185, "latest": 938, "sha1": "255cf7a5e89ef9f00221fc8b531e63ca0c9cc2ae"}','2026-11-28T08:44:23Z',0,'verified',1,NULL);
INSERT INTO importbot_pages VALUES(1,8,'Template:Documentation/styles.css','Template:Documentation/styles.css','style','missing','import','needed','{"title": "Template:Documentation/styles.css", "ns": 10, "target": "Template:Documentation/styles.css", "role": "style", "needed_by": ["Template:Cite web"], "evidence": ["used"], "relation": "missing", "decision": "import", "reason": "needed", "steps": [{"action": "import", "via": "interwiki", "history": "current"}], "revisions": 1, "bytes": 205, "latest": 931, "sha1": "0915ce99325eff748af69727ba7e3509d4d621b0"}','2026-11-28T08:44:24Z',0,'verified',1,NULL);
INSERT INTO importbot_pages VALUES(1,9,'Template:Edit link','Template:Edit link','template','missing','import','needed','{"title": "Template:Edit link", "ns": 10, "target": "Template:Edit link", "role": "template", "needed_by": ["Template:Cite web"], "evidence": ["used"], "relation": "missing", "decision": "import", "reason": "needed", "steps": [{"action": "import", "via": "interwiki", "history": "current"}], "revisions": 1, "bytes": 235, "latest": 940, "sha1": "6d06dd4dd2a3ac7aa7563b6b9c0003226fb5dcec"}','2026-11-28T08:44:25Z',0,'verified',1,NULL);
INSERT INTO importbot_pages VALUES(1,10,'Template:Cite web','Template:Cite web','requested','missing','import','requested','{"title": "Template:Cite web", "ns": 10, "target": "Template:Cite web", "role": "requested", "needed_by": [], "evidence": [], "relation": "missing", "decision": "import", "reason": "requested", "steps": [{"action": "import", "via": "interwiki", "history": "full"}], "revisions": 4, "bytes": 407, "latest": 901, "sha1": "ffe265aa77be1c0f49a7e5eb1035eabd0711d3aa"}','2026-11-28T08:44:25Z',0,'verified',4,NULL);
INSERT INTO importbot_pages VALUES(2,0,'Nowhere','Nowhere','requested',NULL,'refuse','not-on-source','{"title": "Nowhere", "ns": 0, "target": "Nowhere", "role": "requested", "needed_by": [], "evidence": [], "relation": null, "decision": "refuse", "reason": "not-on-source", "steps": [], "revisions": null, "bytes": null, "latest": null, "sha1": null}',NULL,NULL,'unchanged',0,NULL);
INSERT INTO importbot_pages VALUES(2,1,'Template:As of','Template:As of','requested','missing','import','requested','{"title": "Template:As of", "ns": 10, "target": "Template:As of", "role": "requested", "needed_by": [], "evidence": [], "relation": "missing", "decision": "import", "reason": "requested", "steps": [{"action": "import", "via": "interwiki", "history": "full"}], "revisions": 2, "bytes": 445, "latest": 874, "sha1": "c1b50161bd2abd41ce970dc4517d5cc63f88ddd7"}','2026-11-28T08:44:31Z',0,'verified',2,NULL);
INSERT INTO importbot_pages VALUES(3,0,'Template:Tl','Template:Tl','template','identical','skip','identical','{"title": "Template:Tl", "ns": 10, "target": "Template:Tl", "role": "template", "needed_by": ["Template:Citation needed"], "evidence": ["mentioned", "used"], "relation": "identical", "decision": "skip", "reason": "identical", "steps": [], "revisions": null, "bytes": null, "latest": 1236, "sha1": "a2a93a8792ffe37a54d1dccb1cf835b4e527573b"}',NULL,NULL,'unchanged',0,NULL);
INSERT INTO importbot_pages VALUES(3,1,'Module:Table tools','Module:Table tools','module','identical','skip','identical','{"title": "Module:Table tools", "ns": 828, "target": "Module:Table tools", "role": "module", "needed_by": ["Module:String utilities"], "evidence": ["mentioned", "used"], "relation": "identical", "decision": "skip", "reason": "identical", "steps": [], "revisions": null, "bytes": null, "latest": 812, "sha1": "829e1bb09df6600e59572c4d172e1f14672a672d"}',NULL,NULL,'unchanged',0,NULL);
INSERT INTO importbot_pages VALUES(3,2,'Module:String utilities','Module:String utilities','module','identical','skip','identical','{"title": "Module:String utilities", "ns": 828, "target": "Module:String utilities", "role": "module", "needed_by": ["Module:Arguments"], "evidence": ["mentioned", "used"], "relation": "identical", "decision": "skip", "reason": "identical", "steps": [], "revisions": null, "bytes": null, "latest": 806, "sha1": "bb041cf3572b59bfa67031404dfdbe49bdda148d"}',NULL,NULL,'unchanged',0,NULL);
INSERT INTO importbot_pages VALUES(3,3,'Module:Arguments','Module:Arguments','module','identical','skip','identical','{"title": "Module:Arguments", "ns": 828, "target": "Module:Arguments", "role": "module", "needed_by": ["Module:Documentation"], "evidence": ["mentioned", "used"], "relation": "identical", "decision": "skip", "reason": "identical", "steps": [], "revisions": null, "bytes": null, "latest": 719, "sha1": "40ecf4187d5133181f40a14f972fe3120e8bb034"}',NULL,NULL,'unchanged',0,NULL);
INSERT INTO importbot_pages VALUES(3,4,'Module:Documentation','Module:Documentation','module','identical','skip','identical','{"title": "Module:Documentation", "ns": 828, "target": "Module:Documentation", "role": "module", "needed_by": ["Template:Documentation"], "evidence": ["mentioned", "used"], "relation": "identical", "decision": "skip", "reason": "identical", "steps": [], "revisions": null, "bytes": null, "latest": 754, "sha1": "4539452654f503960c0d672013932a038aa9cc53"}',NULL,NULL,'unchanged',0,NULL);
INSERT INTO importbot_pages VALUES(3,5,'Template:Documentation','Template:Documentation','template','identical','skip','identical','{"title": "Template:Documentation", "ns": 10, "target": "Template:Documentation", "role": "template", "needed_by": ["Template:Navbox"], "evidence": ["mentioned", "used"], "relation": "identical", "decision": "skip", "reason": "identical", "steps": [], "revisions": null, "bytes": null, "latest": 938, "sha1": "255cf7a5e89ef9f00221fc8b531e63ca0c9cc2ae"}',NULL,NULL,'unchanged',0,NULL);
INSERT INTO importbot_pages VALUES(3,6,'Template:Documentation/styles.css','Template:Documentation/styles.css','style','identical','skip','identical','{"title": "Template:Documentation/styles.css", "ns": 10, "target": "Template:Documentation/styles.css", "role": "style", "needed_by": ["Template:Navbox"], "evidence": ["used"], "relation": "identical", "decision": "skip", "reason": "identical", "steps": [], "revisions": null, "bytes": null, "latest": 931, "sha1": "0915ce99325eff748af69727ba7e3509d4d621b0"}',NULL,NULL,'unchanged',0,NULL);
INSERT INTO importbot_pages VALUES(3,7,'Template:Edit link','Template:Edit link','template','identical','skip','identical','{"title": "Template:Edit link", "ns": 10, "target": "Template:Edit link", "role": "template", "needed_by": ["Template:Navbox"], "evidence": ["used"], "relation": "identical", "decision": "skip", "reason": "identical", "steps": [], "revisions": null, "bytes": null, "latest": 940, "sha1": "6d06dd4dd2a3ac7aa7563b6b9c0003226fb5dcec"}',NULL,NULL,'unchanged',0,NULL);
INSERT INTO importbot_pages VALUES(3,8,'Template:Uses Lua','Template:Uses Lua','template','identical','skip','identical','{"title": "Template:Uses Lua", "ns": 10, "target": "Template:Uses Lua", "role": "template", "needed_by": ["Template:Navbox/doc"], "evidence": ["mentioned", "used"], "relation": "identical", "decision": "skip", "reason": "identical", "steps": [], "revisions": null, "bytes": null, "latest": 1243, "sha1": "9b3ccc10d778a0510510f060567755f270a021b4"}',NULL,NULL,'unchanged',0,NULL);
INSERT INTO importbot_pages VALUES(3,9,'Template:Navbox/doc','Template:Navbox/doc','documentation','missing','import','needed','{"title": "Template:Navbox/doc", "ns": 10, "target": "Template:Navbox/doc", "role": "documentation", "needed_by": ["Template:Navbox"], "evidence": ["used"], "relation": "missing", "decision": "import", "reason": "needed", "steps": [{"action": "import", "via": "interwiki", "history": "current"}], "revisions": 1, "bytes": 474, "latest": 1060, "sha1": "d52c51efede12cb7a3ed383f9fcec3cfdc00665b"}','2026-11-28T08:44:37Z',0,'imported',1,NULL);
INSERT INTO importbot_pages VALUES(3,10,'Template:Citation needed','Template:Citation needed','requested','missing','import','requested','{"title": "Template:Citation needed", "ns": 10, "target": "Template:Citation needed", "role": "requested", "needed_by": [], "evidence": [], "relation": "missing", "decision": "import", "reason": "requested", "steps": [{"action": "import", "via": "interwiki", "history": "full"}], "revisions": 2, "bytes": 499, "latest": 882, "sha1": "161a8898f38befd35986b0436e7213c10d81989b"}',NULL,NULL,NULL,0,NULL);
INSERT INTO importbot_pages VALUES(3,11,'Template:Navbox','Template:Navbox','requested','missing','import','requested','{"title": "Template:Navbox", "ns": 10, "target": "Template:Navbox", "role": "requested", "needed_by": [], "evidence": [], "relation": "missing", "decision": "import", "reason": "requested", "steps": [{"action": "import", "via": "interwiki", "history": "full"}], "revisions": 6, "bytes": 706, "latest": 1099, "sha1": "bd7528d3a261ff5a0b6ea3bb0080906dbb84a71e"}',NULL,NULL,NULL,0,NULL);
CREATE INDEX importbot_requests_target ON importbot_requests (target_api, ended);
CREATE INDEX importbot_pages_target ON importbot_pages (target);
COMMIT;
