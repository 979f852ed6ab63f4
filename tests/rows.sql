-- All that a database holds of mail, by names instead of numbers.
CREATE TEMP VIEW who AS SELECT id, addr || ' ' || name AS who FROM address;
CREATE TEMP VIEW judged AS SELECT v.id, i.name AS mail FROM verdict v
	JOIN ident i ON i.id = v.mail;
CREATE TEMP VIEW posted AS SELECT series AS id, min(name) AS posted
	FROM mail JOIN ident USING (id) GROUP BY series HAVING series NOT NULL;
SELECT 'mail', i.name, kind, date, a.who, s.who, subject, l.text, t.name, msgid,
	hex(oid), f.text, hex(spot), m.version, part, total, complete, decision,
	score, removed IS NULL, verdict IS NULL, p.name, posted
	FROM mail m JOIN ident i USING (id) LEFT JOIN who a ON a.id = m.author
	LEFT JOIN who s ON s.id = m.sender LEFT JOIN term l ON l.id = m.list
	LEFT JOIN ident t ON t.id = m.thread LEFT JOIN term f ON f.id = m.source
	LEFT JOIN ident p ON p.id = m.parent LEFT JOIN posted ON posted.id = series
	ORDER BY i.name;
SELECT 'series', p.posted, l.posted, submitter, version, total, numbered,
	versioned, resend, first, last, name, title, change_id FROM series s
	LEFT JOIN posted p USING (id) LEFT JOIN posted l ON l.id = lineage
	LEFT JOIN ident ON ident.id = thread ORDER BY 2, first, title;
SELECT 'raw', i.name, hex(zstd) FROM mail_raw JOIN ident i USING (id) ORDER BY 2;
SELECT 'to', i.name, who FROM addressee JOIN ident i ON i.id = mail
	JOIN who ON who.id = address ORDER BY 2, 3;
SELECT 'patch', i.name, hex(patch_id), files, added, removed
	FROM patch JOIN ident i ON i.id = mail ORDER BY 2;
SELECT 'path', i.name, p.path FROM patch_path x JOIN ident i ON i.id = x.mail
	JOIN path p ON p.id = x.path ORDER BY 2, 3;
SELECT 'verdict', j.mail, p.text, decision, score, s.text, base_how, hex(base),
	exact, offset, merged, fuzzy, present, missing, untried
	FROM verdict v JOIN judged j USING (id) LEFT JOIN term p ON p.id = program
	LEFT JOIN term s ON s.id = skipped ORDER BY 2;
SELECT 'pack', j.mail, p.name, p.version, p.hash, score, decision
	FROM pack_verdict x JOIN judged j ON j.id = x.verdict
	JOIN pack p ON p.id = x.pack ORDER BY 2, 3;
SELECT 'audience', j.mail, p.name, n, who, present FROM audience x
	JOIN judged j ON j.id = x.verdict JOIN pack p ON p.id = x.pack
	JOIN who ON who.id = address ORDER BY 2, 3, 4;
SELECT 'finding', j.mail, r.pack, r.name, r.title, r.area, points, p.path, line,
	old_side, function, text, why FROM finding f
	JOIN judged j ON j.id = f.verdict JOIN rule r ON r.id = f.rule
	JOIN path p ON p.id = f.path ORDER BY 2, 3, 4, 8, 9, 10, 12;
SELECT 'attempt', j.mail, n, how, hex(rev), text FROM base_attempt b
	JOIN judged j ON j.id = b.verdict JOIN term t ON t.id = outcome ORDER BY 2, 3;
SELECT 'fault', j.mail, n, message FROM fault f
	JOIN judged j ON j.id = f.verdict ORDER BY 2, 3;
SELECT 'id', name FROM ident ORDER BY 2;
SELECT 'term', text FROM term ORDER BY 2;
SELECT 'address', who FROM who ORDER BY 2;
SELECT 'file', path FROM path ORDER BY 2;
SELECT 'rule', pack, name, title, area FROM rule ORDER BY 2, 3, 4;
SELECT 'source', name, cursor FROM source ORDER BY 2;
SELECT 'event', what, detail FROM event ORDER BY 2, 3;
SELECT 'others', (SELECT count(*) FROM request), (SELECT count(*) FROM tagged);
