BEGIN TRANSACTION;
CREATE TABLE importbot_leases (
	target_api VARCHAR(255) NOT NULL, 
	run INTEGER NOT NULL, 
	holder VARCHAR(255) NOT NULL, 
	heartbeat VARCHAR(32) NOT NULL, 
	PRIMARY KEY (target_api)
);
INSERT INTO "importbot_leases" VALUES('http://127.0.0.1:1/api.php',2,'elsewhere:1','1970-01-01T00:00:00+00:00');
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
	revision_before INTEGER, 
	outcome VARCHAR(16), 
	imported INTEGER NOT NULL, 
	error TEXT, 
	PRIMARY KEY (run, position), 
	FOREIGN KEY(run) REFERENCES importbot_runs (run)
);
INSERT INTO "importbot_pages" VALUES(1,0,'Template:Zvěst 🜨','Template:Zvěst 🜨','template','missing','import','needed','{"title": "Template:Zv\u011bst \ud83d\udf28", "ns": 10, "target": "Template:Zv\u011bst \ud83d\udf28", "role": "template", "needed_by": ["Rover"], "evidence": ["mentioned", "used"], "relation": "missing", "decision": "import", "reason": "needed", "steps": [{"action": "import", "via": "interwiki", "because": "current"}], "revisions": null, "bytes": null, "latest": 7, "sha1": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}','2026-01-02T03:04:05Z',0,'verified',3,NULL);
INSERT INTO "importbot_pages" VALUES(1,1,'Rover','User:Bot/Rover','requested',NULL,'skip','exists','{"title": "Rover", "ns": 0, "target": "User:Bot/Rover", "role": "requested", "needed_by": [], "evidence": [], "relation": null, "decision": "skip", "reason": "exists", "steps": [], "revisions": null, "bytes": null, "latest": null, "sha1": null}',NULL,NULL,'failed',0,'cantimport: „nein“');
INSERT INTO "importbot_pages" VALUES(2,0,'Template:Zvěst 🜨','Template:Zvěst 🜨','template','missing','import','needed','{"title": "Template:Zv\u011bst \ud83d\udf28", "ns": 10, "target": "Template:Zv\u011bst \ud83d\udf28", "role": "template", "needed_by": ["Rover"], "evidence": ["mentioned", "used"], "relation": "missing", "decision": "import", "reason": "needed", "steps": [{"action": "import", "via": "interwiki", "because": "current"}], "revisions": null, "bytes": null, "latest": 7, "sha1": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}','2026-01-02T03:04:06Z',12,NULL,0,NULL);
INSERT INTO "importbot_pages" VALUES(2,1,'Rover','User:Bot/Rover','requested',NULL,'skip','exists','{"title": "Rover", "ns": 0, "target": "User:Bot/Rover", "role": "requested", "needed_by": [], "evidence": [], "relation": null, "decision": "skip", "reason": "exists", "steps": [], "revisions": null, "bytes": null, "latest": null, "sha1": null}',NULL,NULL,NULL,0,NULL);
CREATE TABLE importbot_readings (
	text VARCHAR(64) NOT NULL, 
	found TEXT NOT NULL, 
	PRIMARY KEY (text)
);
INSERT INTO "importbot_readings" VALUES('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','null');
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
INSERT INTO "importbot_runs" VALUES(1,'b9e245433baa9bd0','finished','2026-11-24T15:25:10+00:00','2026-11-24T15:25:10+00:00','http://127.0.0.1:2/api.php','en','http://127.0.0.1:1/api.php','ImportBot','{"templates": "auto", "tags": ["one", "two"]}');
INSERT INTO "importbot_runs" VALUES(2,'b9e245433baa9bd0','running','2026-11-24T15:25:10+00:00',NULL,'http://127.0.0.1:2/api.php','en','http://127.0.0.1:1/api.php','ImportBot','{"templates": "auto", "tags": ["one", "two"]}');
CREATE TABLE importbot_schema (
	version INTEGER NOT NULL, 
	PRIMARY KEY (version)
);
INSERT INTO "importbot_schema" VALUES(1);
CREATE TABLE importbot_uploads (
	target_api VARCHAR(255) NOT NULL, 
	most INTEGER NOT NULL, 
	guess INTEGER NOT NULL, 
	proven INTEGER NOT NULL, 
	learnt VARCHAR(32) NOT NULL, 
	PRIMARY KEY (target_api)
);
INSERT INTO "importbot_uploads" VALUES('http://127.0.0.1:1/api.php',8,7,6,'2026-11-24T15:25:10+00:00');
CREATE INDEX importbot_pages_target ON importbot_pages (target);
COMMIT;
