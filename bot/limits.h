/*
 * limits.h - every ceiling, in one place (design.md 10)
 *
 * Past a ceiling a mail ends with a clear error, and the next one is taken.
 */
#ifndef BOT_LIMITS_H
#define BOT_LIMITS_H

enum {
	LIMIT_MAIL_BYTES = 32 << 20,
	LIMIT_MAIL_PARTS = 1000,
	LIMIT_MAIL_NESTING = 100,
	LIMIT_MAIL_HEADERS = 4096,    /* header fields of one part */
	LIMIT_MAIL_ADDRESSES = 2000,  /* of To and Cc together */
	LIMIT_ADDRESS_BYTES = 256000, /* of the text of such a list */
	LIMIT_REFERENCES = 1000,
	LIMIT_TRAILERS = 2000,
	LIMIT_MSGID_BYTES = 998, /* RFC 5322 2.1.1: a line */
	LIMIT_LINE_BYTES = 1 << 20,
	LIMIT_PATCH_FILES = 10000,
	LIMIT_PATCH_HUNKS = 100000,
	LIMIT_PATCH_LINES = 2000000,	/* of all hunks of a patch */
	LIMIT_PLACING_STEPS = 50000000, /* lines compared for one patch */
	LIMIT_SOURCE_DEFS = 1 << 20,	/* of a file of C */
	LIMIT_SOURCE_REFS = 1 << 20,
	LIMIT_EPOCH_COMMITS = 4 << 20,
	LIMIT_RECENT_COMMITS = 500, /* of a ref, searched by patch-id */
	LIMIT_HTTP_BYTES = 1 << 30, /* of an answer */
	LIMIT_HTTP_INFLATION = 16,  /* times that, once inflated */
	LIMIT_MANIFEST_BYTES = 8 << 20,
	LIMIT_MANIFEST_EPOCHS = 1000,
	LIMIT_FETCH_FILE = 1 << 14,    /* MiB of a pack that git fetches */
	LIMIT_BLOB_BYTES = 32 << 20,   /* of a file in the tree */
	LIMIT_MERGE_BYTES = 2 << 20,   /* of each text */
	LIMIT_TREE_DEPTH = 64,	       /* directories in directories */
	LIMIT_TREE_BYTES = 256 << 20,  /* read of one tree, for the map */
	LIMIT_RULES_BYTES = 4 << 20,   /* of a rule file */
	LIMIT_LABELS_BYTES = 64 << 20, /* of a file of labels */
	LIMIT_RULES = 2000,	       /* of a pack */
	LIMIT_RULE_CONDITIONS = 64,
	LIMIT_FINDINGS = 1000,		/* of a mail and pack */
	LIMIT_EXCERPT_BYTES = 4096,	/* of a finding's line, as stored */
	LIMIT_THREAD_MAILS = 1000,	/* asked for who is on a thread */
	LIMIT_FILTERS = 100,		/* of a query */
	LIMIT_IMPORT_LINE = 64 << 20,	/* bytes: a raw mail in base64 */
	LIMIT_REGEX_STEPS = 1000000,	/* PCRE2's match limit */
	LIMIT_REGEX_WINDOW = 2048,	/* bytes of a line searched at a time */
	LIMIT_REGEX_BYTES = 64 << 10,	/* of a pattern */
	LIMIT_IMAGES_BYTES = 128 << 20, /* pre- and post-images of a patch */
	LIMIT_BATCH_IMAGES_BYTES = 512 << 20, /* of what is judged together */
	LIMIT_REGEX_HEAP_KIB = 16 << 10,
	LIMIT_MAINTAINERS_BYTES = 8 << 20,
	LIMIT_IDENTITIES = 1 << 20, /* addresses of alias tables, .mailmap */
	LIMIT_MAP_BYTES = 32 << 20, /* of a divergence map's file */
	LIMIT_MAP_FACTS = 1 << 18,
	LIMIT_MAP_CHAIN = 256, /* functions from an entry to another */
	LIMIT_CPU_MS = 1000,   /* of one mail */
	LIMIT_PATH_BYTES = 4096,
	LIMIT_OUTPUT_BYTES = 64 << 20, /* of one report */
	LIMIT_LOG_VALUE = 2048,	       /* characters of a value of the log */
	LIMIT_LOG_LINE = 64 << 10,     /* a dozen such values, escaped */
};

#endif
