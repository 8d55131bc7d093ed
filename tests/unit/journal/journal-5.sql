BEGIN TRANSACTION;
CREATE TABLE importbot_brought (
	run INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	revision_first BIGINT NOT NULL, 
	revision_last BIGINT NOT NULL, 
	PRIMARY KEY (run, position, revision_first), 
	FOREIGN KEY(run) REFERENCES importbot_runs (run)
);
INSERT INTO "importbot_brought" VALUES(1,0,26,27);
INSERT INTO "importbot_brought" VALUES(1,1,28,29);
INSERT INTO "importbot_brought" VALUES(1,2,30,31);
INSERT INTO "importbot_brought" VALUES(1,3,32,33);
INSERT INTO "importbot_brought" VALUES(1,4,34,35);
INSERT INTO "importbot_brought" VALUES(1,5,36,37);
INSERT INTO "importbot_brought" VALUES(1,6,38,39);
INSERT INTO "importbot_brought" VALUES(1,7,40,41);
INSERT INTO "importbot_brought" VALUES(1,8,42,43);
INSERT INTO "importbot_brought" VALUES(1,9,44,45);
INSERT INTO "importbot_brought" VALUES(1,10,46,50);
INSERT INTO "importbot_brought" VALUES(2,1,51,53);
CREATE TABLE importbot_changes (
	run INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	action VARCHAR(16) NOT NULL, 
	revision_before BIGINT NOT NULL, 
	revision_after BIGINT NOT NULL, 
	is_shared BOOLEAN NOT NULL, 
	made VARCHAR(32) NOT NULL, 
	PRIMARY KEY (run, position, action), 
	FOREIGN KEY(run) REFERENCES importbot_runs (run)
);
INSERT INTO "importbot_changes" VALUES(1,0,'arrival',0,27,0,'2026-11-28T08:56:09+00:00');
INSERT INTO "importbot_changes" VALUES(1,1,'arrival',0,29,0,'2026-11-28T08:56:10+00:00');
INSERT INTO "importbot_changes" VALUES(1,2,'arrival',0,31,0,'2026-11-28T08:56:11+00:00');
INSERT INTO "importbot_changes" VALUES(1,3,'arrival',0,33,0,'2026-11-28T08:56:11+00:00');
INSERT INTO "importbot_changes" VALUES(1,4,'arrival',0,35,0,'2026-11-28T08:56:12+00:00');
INSERT INTO "importbot_changes" VALUES(1,5,'arrival',0,37,0,'2026-11-28T08:56:13+00:00');
INSERT INTO "importbot_changes" VALUES(1,6,'arrival',0,39,0,'2026-11-28T08:56:14+00:00');
INSERT INTO "importbot_changes" VALUES(1,7,'arrival',0,41,0,'2026-11-28T08:56:15+00:00');
INSERT INTO "importbot_changes" VALUES(1,8,'arrival',0,43,0,'2026-11-28T08:56:15+00:00');
INSERT INTO "importbot_changes" VALUES(1,9,'arrival',0,45,0,'2026-11-28T08:56:16+00:00');
INSERT INTO "importbot_changes" VALUES(1,10,'arrival',0,50,0,'2026-11-28T08:56:17+00:00');
INSERT INTO "importbot_changes" VALUES(2,1,'arrival',0,53,0,'2026-11-28T08:56:30+00:00');
INSERT INTO "importbot_changes" VALUES(3,0,'mark',53,54,0,'2026-11-28T08:56:43+00:00');
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
INSERT INTO "importbot_leases" VALUES('http://127.0.0.1:33911/api.php',4,'elsewhere:1','1970-01-01T00:00:00+00:00');
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
	error TEXT, problem JSON, 
	PRIMARY KEY (run, position), 
	FOREIGN KEY(run) REFERENCES importbot_runs (run)
);
INSERT INTO "importbot_pages" VALUES(1,0,'Template:Tl','Template:Tl','template','missing','import','needed','{"title": "Template:Tl", "ns": 10, "target": "Template:Tl", "role": "template", "needed_by": ["Template:Cite web/doc"], "evidence": ["mentioned", "used"], "relation": "missing", "decision": "import", "reason": "needed", "steps": [{"action": "import", "via": "interwiki", "history": "current"}], "revisions": 1, "bytes": 132, "latest": 1236, "sha1": "a2a93a8792ffe37a54d1dccb1cf835b4e527573b", "model": "wikitext"}','2026-11-28T08:56:08Z',0,'verified',1,NULL,NULL);
INSERT INTO "importbot_pages" VALUES(1,1,'Template:Uses Lua','Template:Uses Lua','template','missing','import','needed','{"title": "Template:Uses Lua", "ns": 10, "target": "Template:Uses Lua", "role": "template", "needed_by": ["Template:Cite web/doc"], "evidence": ["mentioned", "used"], "relation": "missing", "decision": "import", "reason": "needed", "steps": [{"action": "import", "via": "interwiki", "history": "current"}], "revisions": 1, "bytes": 130, "latest": 1243, "sha1": "9b3ccc10d778a0510510f060567755f270a021b4", "model": "wikitext"}','2026-11-28T08:56:10Z',0,'verified',1,NULL,NULL);
INSERT INTO "importbot_pages" VALUES(1,2,'Template:Cite web/doc','Template:Cite web/doc','documentation','missing','import','needed','{"title": "Template:Cite web/doc", "ns": 10, "target": "Template:Cite web/doc", "role": "documentation", "needed_by": ["Template:Cite web"], "evidence": ["used"], "relation": "missing", "decision": "import", "reason": "needed", "steps": [{"action": "import", "via": "interwiki", "history": "current"}], "revisions": 1, "bytes": 798, "latest": 897, "sha1": "b143ce4d0a818d1f523e2c33d91f5ba7a8668469", "model": "wikitext"}','2026-11-28T08:56:10Z',0,'verified',1,NULL,NULL);
INSERT INTO "importbot_pages" VALUES(1,3,'Template:Documentation/styles.css','Template:Documentation/styles.css','style','missing','import','needed','{"title": "Template:Documentation/styles.css", "ns": 10, "target": "Template:Documentation/styles.css", "role": "style", "needed_by": ["Module:Documentation"], "evidence": ["mentioned", "used"], "relation": "missing", "decision": "import", "reason": "needed", "steps": [{"action": "import", "via": "interwiki", "history": "current"}], "revisions": 1, "bytes": 205, "latest": 931, "sha1": "0915ce99325eff748af69727ba7e3509d4d621b0", "model": "sanitized-css"}','2026-11-28T08:56:11Z',0,'verified',1,NULL,NULL);
INSERT INTO "importbot_pages" VALUES(1,4,'Template:Edit link','Template:Edit link','template','missing','import','needed','{"title": "Template:Edit link", "ns": 10, "target": "Template:Edit link", "role": "template", "needed_by": ["Module:Documentation"], "evidence": ["mentioned", "used"], "relation": "missing", "decision": "import", "reason": "needed", "steps": [{"action": "import", "via": "interwiki", "history": "current"}], "revisions": 1, "bytes": 235, "latest": 940, "sha1": "6d06dd4dd2a3ac7aa7563b6b9c0003226fb5dcec", "model": "wikitext"}','2026-11-28T08:56:12Z',0,'verified',1,NULL,NULL);
INSERT INTO "importbot_pages" VALUES(1,5,'Module:Table tools','Module:Table tools','module','missing','import','needed','{"title": "Module:Table tools", "ns": 828, "target": "Module:Table tools", "role": "module", "needed_by": ["Module:String utilities"], "evidence": ["mentioned", "used"], "relation": "missing", "decision": "import", "reason": "needed", "steps": [{"action": "import", "via": "interwiki", "history": "current"}], "revisions": 1, "bytes": 1401, "latest": 812, "sha1": "829e1bb09df6600e59572c4d172e1f14672a672d", "model": "Scribunto"}','2026-11-28T08:56:12Z',0,'verified',1,NULL,NULL);
INSERT INTO "importbot_pages" VALUES(1,6,'Module:String utilities','Module:String utilities','module','missing','import','needed','{"title": "Module:String utilities", "ns": 828, "target": "Module:String utilities", "role": "module", "needed_by": ["Module:Arguments"], "evidence": ["mentioned", "used"], "relation": "missing", "decision": "import", "reason": "needed", "steps": [{"action": "import", "via": "interwiki", "history": "current"}], "revisions": 1, "bytes": 1605, "latest": 806, "sha1": "bb041cf3572b59bfa67031404dfdbe49bdda148d", "model": "Scribunto"}','2026-11-28T08:56:14Z',0,'verified',1,NULL,NULL);
INSERT INTO "importbot_pages" VALUES(1,7,'Module:Arguments','Module:Arguments','module','missing','import','needed','{"title": "Module:Arguments", "ns": 828, "target": "Module:Arguments", "role": "module", "needed_by": ["Module:Documentation"], "evidence": ["mentioned", "used"], "relation": "missing", "decision": "import", "reason": "needed", "steps": [{"action": "import", "via": "interwiki", "history": "current"}], "revisions": 1, "bytes": 1037, "latest": 719, "sha1": "40ecf4187d5133181f40a14f972fe3120e8bb034", "model": "Scribunto"}','2026-11-28T08:56:14Z',0,'verified',1,NULL,NULL);
INSERT INTO "importbot_pages" VALUES(1,8,'Module:Documentation','Module:Documentation','module','missing','import','needed','{"title": "Module:Documentation", "ns": 828, "target": "Module:Documentation", "role": "module", "needed_by": ["Template:Documentation"], "evidence": ["mentioned", "used"], "relation": "missing", "decision": "import", "reason": "needed", "steps": [{"action": "import", "via": "interwiki", "history": "current"}], "revisions": 1, "bytes": 1156, "latest": 754, "sha1": "4539452654f503960c0d672013932a038aa9cc53", "model": "Scribunto"}','2026-11-28T08:56:15Z',0,'verified',1,NULL,NULL);
INSERT INTO "importbot_pages" VALUES(1,9,'Template:Documentation','Template:Documentation','template','missing','import','needed','{"title": "Template:Documentation", "ns": 10, "target": "Template:Documentation", "role": "template", "needed_by": ["Template:Cite web"], "evidence": ["mentioned", "used"], "relation": "missing", "decision": "import", "reason": "needed", "steps": [{"action": "import", "via": "interwiki", "history": "current"}], "revisions": 1, "bytes": 185, "latest": 938, "sha1": "255cf7a5e89ef9f00221fc8b531e63ca0c9cc2ae", "model": "wikitext"}','2026-11-28T08:56:15Z',0,'verified',1,NULL,NULL);
INSERT INTO "importbot_pages" VALUES(1,10,'Template:Cite web','Template:Cite web','requested','missing','import','requested','{"title": "Template:Cite web", "ns": 10, "target": "Template:Cite web", "role": "requested", "needed_by": [], "evidence": [], "relation": "missing", "decision": "import", "reason": "requested", "steps": [{"action": "import", "via": "interwiki", "history": "full"}], "revisions": 4, "bytes": 407, "latest": 901, "sha1": "ffe265aa77be1c0f49a7e5eb1035eabd0711d3aa", "model": "wikitext"}','2026-11-28T08:56:16Z',0,'verified',4,NULL,NULL);
INSERT INTO "importbot_pages" VALUES(2,0,'Nowhere','Nowhere','requested',NULL,'refuse','not-on-source','{"title": "Nowhere", "ns": 0, "target": "Nowhere", "role": "requested", "needed_by": [], "evidence": [], "relation": null, "decision": "refuse", "reason": "not-on-source", "steps": [], "revisions": null, "bytes": null, "latest": null, "sha1": null, "model": null}',NULL,NULL,'unchanged',0,NULL,NULL);
INSERT INTO "importbot_pages" VALUES(2,1,'Template:As of','Template:As of','requested','missing','import','requested','{"title": "Template:As of", "ns": 10, "target": "Template:As of", "role": "requested", "needed_by": [], "evidence": [], "relation": "missing", "decision": "import", "reason": "requested", "steps": [{"action": "import", "via": "interwiki", "history": "full"}], "revisions": 2, "bytes": 445, "latest": 874, "sha1": "c1b50161bd2abd41ce970dc4517d5cc63f88ddd7", "model": "wikitext"}','2026-11-28T08:56:28Z',0,'verified',2,NULL,NULL);
INSERT INTO "importbot_pages" VALUES(3,0,'Template:As of','Template:As of','requested',NULL,'undo','may-not-delete','{"position": 1, "title": "Template:As of", "source": "en:Template:As of", "role": "requested", "decision": "undo", "reason": "may-not-delete", "steps": [{"action": "mark", "revision": 53}], "merged": false}',NULL,NULL,'verified',0,NULL,NULL);
INSERT INTO "importbot_pages" VALUES(4,0,'Template:Tl','Template:Tl','template','identical','skip','identical','{"title": "Template:Tl", "ns": 10, "target": "Template:Tl", "role": "template", "needed_by": ["Template:Citation needed"], "evidence": ["mentioned", "used"], "relation": "identical", "decision": "skip", "reason": "identical", "steps": [], "revisions": null, "bytes": null, "latest": 1236, "sha1": "a2a93a8792ffe37a54d1dccb1cf835b4e527573b", "model": "wikitext"}',NULL,NULL,'unchanged',0,NULL,NULL);
INSERT INTO "importbot_pages" VALUES(4,1,'Template:Documentation/styles.css','Template:Documentation/styles.css','style','identical','skip','identical','{"title": "Template:Documentation/styles.css", "ns": 10, "target": "Template:Documentation/styles.css", "role": "style", "needed_by": ["Module:Documentation"], "evidence": ["mentioned", "used"], "relation": "identical", "decision": "skip", "reason": "identical", "steps": [], "revisions": null, "bytes": null, "latest": 931, "sha1": "0915ce99325eff748af69727ba7e3509d4d621b0", "model": "sanitized-css"}',NULL,NULL,'unchanged',0,NULL,NULL);
INSERT INTO "importbot_pages" VALUES(4,2,'Template:Edit link','Template:Edit link','template','identical','skip','identical','{"title": "Template:Edit link", "ns": 10, "target": "Template:Edit link", "role": "template", "needed_by": ["Module:Documentation"], "evidence": ["mentioned", "used"], "relation": "identical", "decision": "skip", "reason": "identical", "steps": [], "revisions": null, "bytes": null, "latest": 940, "sha1": "6d06dd4dd2a3ac7aa7563b6b9c0003226fb5dcec", "model": "wikitext"}',NULL,NULL,'unchanged',0,NULL,NULL);
INSERT INTO "importbot_pages" VALUES(4,3,'Module:Table tools','Module:Table tools','module','identical','skip','identical','{"title": "Module:Table tools", "ns": 828, "target": "Module:Table tools", "role": "module", "needed_by": ["Module:String utilities"], "evidence": ["mentioned", "used"], "relation": "identical", "decision": "skip", "reason": "identical", "steps": [], "revisions": null, "bytes": null, "latest": 812, "sha1": "829e1bb09df6600e59572c4d172e1f14672a672d", "model": "Scribunto"}',NULL,NULL,'unchanged',0,NULL,NULL);
INSERT INTO "importbot_pages" VALUES(4,4,'Module:String utilities','Module:String utilities','module','identical','skip','identical','{"title": "Module:String utilities", "ns": 828, "target": "Module:String utilities", "role": "module", "needed_by": ["Module:Arguments"], "evidence": ["mentioned", "used"], "relation": "identical", "decision": "skip", "reason": "identical", "steps": [], "revisions": null, "bytes": null, "latest": 806, "sha1": "bb041cf3572b59bfa67031404dfdbe49bdda148d", "model": "Scribunto"}',NULL,NULL,'unchanged',0,NULL,NULL);
INSERT INTO "importbot_pages" VALUES(4,5,'Module:Arguments','Module:Arguments','module','identical','skip','identical','{"title": "Module:Arguments", "ns": 828, "target": "Module:Arguments", "role": "module", "needed_by": ["Module:Documentation"], "evidence": ["mentioned", "used"], "relation": "identical", "decision": "skip", "reason": "identical", "steps": [], "revisions": null, "bytes": null, "latest": 719, "sha1": "40ecf4187d5133181f40a14f972fe3120e8bb034", "model": "Scribunto"}',NULL,NULL,'unchanged',0,NULL,NULL);
INSERT INTO "importbot_pages" VALUES(4,6,'Module:Documentation','Module:Documentation','module','identical','skip','identical','{"title": "Module:Documentation", "ns": 828, "target": "Module:Documentation", "role": "module", "needed_by": ["Template:Documentation"], "evidence": ["mentioned", "used"], "relation": "identical", "decision": "skip", "reason": "identical", "steps": [], "revisions": null, "bytes": null, "latest": 754, "sha1": "4539452654f503960c0d672013932a038aa9cc53", "model": "Scribunto"}',NULL,NULL,'unchanged',0,NULL,NULL);
INSERT INTO "importbot_pages" VALUES(4,7,'Template:Documentation','Template:Documentation','template','identical','skip','identical','{"title": "Template:Documentation", "ns": 10, "target": "Template:Documentation", "role": "template", "needed_by": ["Template:Navbox"], "evidence": ["mentioned", "used"], "relation": "identical", "decision": "skip", "reason": "identical", "steps": [], "revisions": null, "bytes": null, "latest": 938, "sha1": "255cf7a5e89ef9f00221fc8b531e63ca0c9cc2ae", "model": "wikitext"}',NULL,NULL,'unchanged',0,NULL,NULL);
INSERT INTO "importbot_pages" VALUES(4,8,'Template:Uses Lua','Template:Uses Lua','template','identical','skip','identical','{"title": "Template:Uses Lua", "ns": 10, "target": "Template:Uses Lua", "role": "template", "needed_by": ["Template:Navbox/doc"], "evidence": ["mentioned", "used"], "relation": "identical", "decision": "skip", "reason": "identical", "steps": [], "revisions": null, "bytes": null, "latest": 1243, "sha1": "9b3ccc10d778a0510510f060567755f270a021b4", "model": "wikitext"}',NULL,NULL,'unchanged',0,NULL,NULL);
INSERT INTO "importbot_pages" VALUES(4,9,'Template:Navbox/doc','Template:Navbox/doc','documentation','missing','import','needed','{"title": "Template:Navbox/doc", "ns": 10, "target": "Template:Navbox/doc", "role": "documentation", "needed_by": ["Template:Navbox"], "evidence": ["used"], "relation": "missing", "decision": "import", "reason": "needed", "steps": [{"action": "import", "via": "interwiki", "history": "current"}], "revisions": 1, "bytes": 474, "latest": 1060, "sha1": "d52c51efede12cb7a3ed383f9fcec3cfdc00665b", "model": "wikitext"}','2026-11-28T08:56:55Z',0,'imported',1,NULL,NULL);
INSERT INTO "importbot_pages" VALUES(4,10,'Template:Citation needed','Template:Citation needed','requested','missing','import','requested','{"title": "Template:Citation needed", "ns": 10, "target": "Template:Citation needed", "role": "requested", "needed_by": [], "evidence": [], "relation": "missing", "decision": "import", "reason": "requested", "steps": [{"action": "import", "via": "interwiki", "history": "full"}], "revisions": 2, "bytes": 499, "latest": 882, "sha1": "161a8898f38befd35986b0436e7213c10d81989b", "model": "wikitext"}',NULL,NULL,NULL,0,NULL,NULL);
INSERT INTO "importbot_pages" VALUES(4,11,'Template:Navbox','Template:Navbox','requested','missing','import','requested','{"title": "Template:Navbox", "ns": 10, "target": "Template:Navbox", "role": "requested", "needed_by": [], "evidence": [], "relation": "missing", "decision": "import", "reason": "requested", "steps": [{"action": "import", "via": "interwiki", "history": "full"}], "revisions": 6, "bytes": 706, "latest": 1099, "sha1": "bd7528d3a261ff5a0b6ea3bb0080906dbb84a71e", "model": "wikitext"}',NULL,NULL,NULL,0,NULL,NULL);
CREATE TABLE importbot_plans (
	run INTEGER NOT NULL, 
	"plan" TEXT NOT NULL, 
	shown TEXT, 
	PRIMARY KEY (run), 
	FOREIGN KEY(run) REFERENCES importbot_runs (run)
);
INSERT INTO "importbot_plans" VALUES(1,'{
 "id": "5a23dfbfbe6546ad",
 "notes": [
  {
   "count": 2,
   "kind": "mentioned",
   "page": "Template:Cite web",
   "titles": [
    "Module:Citation",
    "Template:Documentation subpage"
   ]
  },
  {
   "authors": [
    {
     "becomes": "en>Old Surveyor",
     "edits": 7,
     "name": "Old Surveyor"
    },
    {
     "becomes": "en>Tin Whistle",
     "edits": 7,
     "name": "Tin Whistle"
    }
   ],
   "kind": "authors",
   "page": "Template:Tl"
  },
  {
   "count": 11,
   "kind": "calls",
   "page": "Template:Tl"
  }
 ],
 "options": {
  "authormap": [],
  "authors": "prefix",
  "before": "",
  "equivalents": "note",
  "exclude": [],
  "existing": "skip",
  "existingpages": "skip",
  "history": "full",
  "interwikiprefix": "",
  "maxpages": 500,
  "maxrevisions": 10000,
  "maxused": 500,
  "namespace": null,
  "nodocs": false,
  "nsmap": [],
  "only": [],
  "order": "auto",
  "pin": false,
  "post": [],
  "rootpage": "",
  "summary": "",
  "tags": [],
  "talk": false,
  "targettitle": "",
  "templatehistory": "current",
  "templates": "used",
  "titlemap": [],
  "via": "auto"
 },
 "schema": 1,
 "source": {
  "api": "http://127.0.0.1:34213/api.php",
  "prefix": "en",
  "wiki": "wiki"
 },
 "summary": {
  "hold": 0,
  "import": 11,
  "refuse": 0,
  "skip": 0
 },
 "target": {
  "api": "http://127.0.0.1:33911/api.php",
  "user": "ImportBot",
  "wiki": "wiki"
 },
 "unresolved": []
}
','[]
');
INSERT INTO "importbot_plans" VALUES(2,'{
 "id": "8def2eb28d9d8dfb",
 "notes": [
  {
   "count": 1,
   "kind": "mentioned",
   "page": "Template:As of",
   "titles": [
    "Template:Format date"
   ]
  },
  {
   "authors": [
    {
     "becomes": "en>Juniper Hale",
     "edits": 1,
     "name": "Juniper Hale"
    },
    {
     "becomes": "en>Old Surveyor",
     "edits": 1,
     "name": "Old Surveyor"
    }
   ],
   "kind": "authors",
   "page": "Template:As of"
  },
  {
   "count": 1,
   "kind": "calls",
   "page": "Template:As of"
  }
 ],
 "options": {
  "authormap": [],
  "authors": "prefix",
  "before": "",
  "equivalents": "note",
  "exclude": [],
  "existing": "skip",
  "existingpages": "skip",
  "history": "full",
  "interwikiprefix": "",
  "maxpages": 500,
  "maxrevisions": 10000,
  "maxused": 500,
  "namespace": null,
  "nodocs": false,
  "nsmap": [],
  "only": [],
  "order": "auto",
  "pin": false,
  "post": [],
  "rootpage": "",
  "summary": "",
  "tags": [],
  "talk": false,
  "targettitle": "",
  "templatehistory": "current",
  "templates": "used",
  "titlemap": [],
  "via": "auto"
 },
 "schema": 1,
 "source": {
  "api": "http://127.0.0.1:34213/api.php",
  "prefix": "en",
  "wiki": "wiki"
 },
 "summary": {
  "hold": 0,
  "import": 1,
  "refuse": 1,
  "skip": 0
 },
 "target": {
  "api": "http://127.0.0.1:33911/api.php",
  "user": "ImportBot",
  "wiki": "wiki"
 },
 "unresolved": []
}
','[]
');
INSERT INTO "importbot_plans" VALUES(3,'{
 "id": "fa8c17950a21cae9",
 "mark": "{{Delete|import undone}}",
 "notes": [],
 "schema": 1,
 "summary": {
  "hold": 0,
  "skip": 0,
  "undo": 1
 },
 "target": {
  "api": "http://127.0.0.1:33911/api.php",
  "user": "ImportBot",
  "wiki": "wiki"
 },
 "undoes": 2
}
',NULL);
INSERT INTO "importbot_plans" VALUES(4,'{
 "id": "7cc333eb84e5cd9b",
 "notes": [
  {
   "count": 3,
   "kind": "mentioned",
   "page": "Template:Navbox",
   "titles": [
    "Module:Navbox",
    "Template:Documentation subpage",
    "Template:Navbox/styles.css"
   ]
  },
  {
   "authors": [
    {
     "becomes": "en>Old Surveyor",
     "edits": 5,
     "name": "Old Surveyor"
    },
    {
     "becomes": "en>Tin Whistle",
     "edits": 3,
     "name": "Tin Whistle"
    },
    {
     "becomes": "en>Juniper Hale",
     "edits": 1,
     "name": "Juniper Hale"
    }
   ],
   "kind": "authors",
   "page": "Template:Navbox/doc"
  },
  {
   "count": 3,
   "kind": "calls",
   "page": "Template:Navbox/doc"
  }
 ],
 "options": {
  "authormap": [],
  "authors": "prefix",
  "before": "",
  "equivalents": "note",
  "exclude": [],
  "existing": "skip",
  "existingpages": "skip",
  "history": "full",
  "interwikiprefix": "",
  "maxpages": 500,
  "maxrevisions": 10000,
  "maxused": 500,
  "namespace": null,
  "nodocs": false,
  "nsmap": [],
  "only": [],
  "order": "auto",
  "pin": false,
  "post": [],
  "rootpage": "",
  "summary": "",
  "tags": [],
  "talk": false,
  "targettitle": "",
  "templatehistory": "current",
  "templates": "used",
  "titlemap": [],
  "via": "auto"
 },
 "schema": 1,
 "source": {
  "api": "http://127.0.0.1:34213/api.php",
  "prefix": "en",
  "wiki": "wiki"
 },
 "summary": {
  "hold": 0,
  "import": 3,
  "refuse": 0,
  "skip": 9
 },
 "target": {
  "api": "http://127.0.0.1:33911/api.php",
  "user": "ImportBot",
  "wiki": "wiki"
 },
 "unresolved": []
}
',NULL);
CREATE TABLE importbot_readings (
	text VARCHAR(64) NOT NULL, 
	found TEXT NOT NULL, 
	PRIMARY KEY (text)
);
INSERT INTO "importbot_readings" VALUES('20114e0e6fb60bcdb4475c572b45d109918659e41ce947261ef07135317ff0ac','{"titles": [[10, "Documentation"], [828, "Citation"]], "unresolved": [], "redirect": null, "functions": ["invoke"], "tags": [], "libraries": [], "prefixes": [], "words": [["function", "#invoke:"], ["namespace", "Category"]]}');
INSERT INTO "importbot_readings" VALUES('1392d64a6e199639ce094e50405f5d5234a1f62309678f8f5feca75c2d3a1bc3','{"titles": [[10, "Documentation subpage"], [10, "Tl"], [10, "Uses Lua"]], "unresolved": [], "redirect": null, "functions": [], "tags": ["pre", "templatedata"], "libraries": [], "prefixes": [], "words": []}');
INSERT INTO "importbot_readings" VALUES('272e44d32bddfa6f9f8834e7951dd27804d9fd6489a97157dfd53c9261449bb9','{"titles": [[828, "Table tools"]], "unresolved": [], "redirect": null, "functions": [], "tags": [], "libraries": ["mw.ustring"], "prefixes": [], "words": []}');
INSERT INTO "importbot_readings" VALUES('2ac8106f1696f87d50d9ca60cc190c80218843058ca3a554246649be19da597e','{"titles": [], "unresolved": [], "redirect": null, "functions": [], "tags": [], "libraries": [], "prefixes": [], "words": [["namespace", "Category"], ["namespace", "Template"]]}');
INSERT INTO "importbot_readings" VALUES('335abd445fd99f11ee135de6c1fcbfc4f85c8886d784bbdfd042a55971e709da','{"titles": [[828, "String utilities"]], "unresolved": [], "redirect": null, "functions": [], "tags": [], "libraries": [], "prefixes": [], "words": []}');
INSERT INTO "importbot_readings" VALUES('575295d77922a4b2569b555dbd6f6c0b8ffca3400493a18d2529b19b19137d10','{"titles": [], "unresolved": [], "redirect": null, "functions": [], "tags": [], "libraries": [], "prefixes": [], "words": []}');
INSERT INTO "importbot_readings" VALUES('6312a060090b369cede7f47f76e09abe3f2afa94adf9982f199277cf4a4d47d2','{"titles": [], "unresolved": [], "redirect": null, "functions": [], "tags": [], "libraries": [], "prefixes": [], "words": []}');
INSERT INTO "importbot_readings" VALUES('931d176a36e724b1b3a63c7e49084b58a5a9a1f8f6adaa412a393794bffdda35','{"titles": [], "unresolved": [], "redirect": null, "functions": ["fullurl", "int"], "tags": [], "libraries": [], "prefixes": [], "words": [["function", "fullurl:"], ["function", "int:"], ["namespace", "Category"], ["variable", "FULLPAGENAME"]]}');
INSERT INTO "importbot_readings" VALUES('af5a591b3dc0d677259cee306acf429e9a35e67c1a3e345d587727069311d326','{"titles": [], "unresolved": [], "redirect": null, "functions": [], "tags": [], "libraries": [], "prefixes": [], "words": [["namespace", "Category"]]}');
INSERT INTO "importbot_readings" VALUES('de017925f4545d3c9b2015518c28dfdda35c8ac626661242329ff3c3d9c2eebc','{"titles": [[828, "Documentation"]], "unresolved": [], "redirect": null, "functions": ["invoke"], "tags": [], "libraries": [], "prefixes": [], "words": [["function", "#invoke:"], ["namespace", "Category"]]}');
INSERT INTO "importbot_readings" VALUES('e5f6b931d7a12d8375c4db0f6ceb597277e92fe9805094d18feeafedec80c661','{"titles": [[10, "Documentation/styles.css"], [10, "Edit link"], [828, "Arguments"]], "unresolved": [], "redirect": null, "functions": [], "tags": ["templatestyles"], "libraries": ["mw.html", "mw.title"], "prefixes": [], "words": []}');
INSERT INTO "importbot_readings" VALUES('da4312ee747b7709ab7b20ef695e28f721d8fd0650f6f89fbf295c6a359abd6d','{"titles": [[10, "Format date"]], "unresolved": [], "redirect": null, "functions": ["if"], "tags": [], "libraries": [], "prefixes": [], "words": [["function", "#if:"], ["namespace", "Category"], ["variable", "CURRENTYEAR"]]}');
INSERT INTO "importbot_readings" VALUES('84f3128e555b7257f64a626585ed4e8e4878470779cca2b0301472817bf481dd','{"titles": [[10, "Documentation"], [10, "Navbox/styles.css"], [828, "Navbox"]], "unresolved": [], "redirect": null, "functions": ["invoke"], "tags": ["templatestyles"], "libraries": [], "prefixes": [], "words": [["function", "#invoke:"], ["namespace", "Category"]]}');
INSERT INTO "importbot_readings" VALUES('ef1b8054b1d7f3d7140eabc815bca7e7f065db971505d396bc3be25de1ec8682','{"titles": [[10, "Tl"]], "unresolved": [], "redirect": null, "functions": [], "tags": [], "libraries": [], "prefixes": [], "words": [["namespace", "Category"], ["namespace", "Help"]]}');
INSERT INTO "importbot_readings" VALUES('c705d837ed69e9451107aac5c10e6606316b5d72f0987ea86ce84140746ea80c','{"titles": [[10, "Documentation subpage"], [10, "Uses Lua"]], "unresolved": [], "redirect": null, "functions": [], "tags": ["pre"], "libraries": [], "prefixes": [], "words": []}');
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
	options JSON NOT NULL, mode VARCHAR(16) DEFAULT 'import' NOT NULL, 
	PRIMARY KEY (run)
);
INSERT INTO "importbot_runs" VALUES(1,'5a23dfbfbe6546ad','finished','2026-11-28T08:56:08+00:00','2026-11-28T08:56:17+00:00','http://127.0.0.1:34213/api.php','en','http://127.0.0.1:33911/api.php','ImportBot','{"templates": "used", "existing": "skip", "existingpages": "skip", "history": "full", "templatehistory": "current", "namespace": null, "rootpage": "", "summary": "", "tags": [], "only": [], "exclude": [], "nodocs": false, "talk": false, "nsmap": [], "targettitle": "", "titlemap": [], "equivalents": "note", "maxused": 500, "maxpages": 500, "maxrevisions": 10000, "via": "auto", "order": "auto", "before": "", "pin": false, "authors": "prefix", "authormap": [], "interwikiprefix": "", "post": []}','import');
INSERT INTO "importbot_runs" VALUES(2,'8def2eb28d9d8dfb','finished','2026-11-28T08:56:28+00:00','2026-11-28T08:56:44+00:00','http://127.0.0.1:34213/api.php','en','http://127.0.0.1:33911/api.php','ImportBot','{"templates": "used", "existing": "skip", "existingpages": "skip", "history": "full", "templatehistory": "current", "namespace": null, "rootpage": "", "summary": "", "tags": [], "only": [], "exclude": [], "nodocs": false, "talk": false, "nsmap": [], "targettitle": "", "titlemap": [], "equivalents": "note", "maxused": 500, "maxpages": 500, "maxrevisions": 10000, "via": "auto", "order": "auto", "before": "", "pin": false, "authors": "prefix", "authormap": [], "interwikiprefix": "", "post": []}','import');
INSERT INTO "importbot_runs" VALUES(3,'fa8c17950a21cae9','finished','2026-11-28T08:56:42+00:00','2026-11-28T08:56:44+00:00','http://127.0.0.1:34213/api.php','en','http://127.0.0.1:33911/api.php','ImportBot','{"undoes": 2, "mark": "{{Delete|import undone}}"}','undo');
INSERT INTO "importbot_runs" VALUES(4,'7cc333eb84e5cd9b','running','2026-11-28T08:56:55+00:00',NULL,'http://127.0.0.1:34213/api.php','en','http://127.0.0.1:33911/api.php','ImportBot','{"templates": "used", "existing": "skip", "existingpages": "skip", "history": "full", "templatehistory": "current", "namespace": null, "rootpage": "", "summary": "", "tags": [], "only": [], "exclude": [], "nodocs": false, "talk": false, "nsmap": [], "targettitle": "", "titlemap": [], "equivalents": "note", "maxused": 500, "maxpages": 500, "maxrevisions": 10000, "via": "auto", "order": "auto", "before": "", "pin": false, "authors": "prefix", "authormap": [], "interwikiprefix": "", "post": []}','import');
CREATE TABLE importbot_schema (
	version INTEGER NOT NULL, 
	PRIMARY KEY (version)
);
INSERT INTO "importbot_schema" VALUES(5);
CREATE TABLE importbot_undos (
	run INTEGER NOT NULL, 
	undoes INTEGER NOT NULL, 
	PRIMARY KEY (run), 
	FOREIGN KEY(run) REFERENCES importbot_runs (run)
);
INSERT INTO "importbot_undos" VALUES(3,2);
CREATE TABLE importbot_uploads (
	target_api VARCHAR(255) NOT NULL, 
	most BIGINT NOT NULL, 
	guess BIGINT NOT NULL, 
	proven BIGINT NOT NULL, 
	learnt VARCHAR(32) NOT NULL, 
	PRIMARY KEY (target_api)
);
CREATE INDEX importbot_requests_target ON importbot_requests (target_api, ended);
CREATE INDEX importbot_changes_after ON importbot_changes (revision_after);
CREATE INDEX importbot_pages_target ON importbot_pages (target);
CREATE INDEX importbot_undos_undoes ON importbot_undos (undoes);
COMMIT;
