// Made from policy/levels.toml by `cargo xtask policy`; do not edit.

/** 0 security, 1 basic, 2 enhanced, 3 full. */
export type LevelNumber = 0 | 1 | 2 | 3;

/** The version of the policy that made these tables. */
export const POLICY_VERSION = 1;

/** From which level an app's own events are kept. */
export const CUSTOM_LEVEL: LevelNumber = 2;

/** From which level an event of this name is kept. */
export const EVENT_LEVELS: Readonly<Record<string, LevelNumber>> = {
  "$$client_ingestion_warning": 1,
  "$$heatmap": 2,
  "$autocapture": 2,
  "$copy_autocapture": 3,
  "$create_alias": 2,
  "$csp_violation": 0,
  "$dead_click": 2,
  "$exception": 1,
  "$feature_enrollment_update": 2,
  "$feature_flag_called": 1,
  "$groupidentify": 2,
  "$identify": 2,
  "$level_changed": 0,
  "$merge_dangerously": 2,
  "$opt_in": 0,
  "$opt_out": 0,
  "$pageleave": 1,
  "$pageview": 1,
  "$performance_event": 3,
  "$rageclick": 2,
  "$screen": 1,
  "$set": 2,
  "$set_once": 2,
  "$snapshot": 3,
  "$unset": 2,
  "$web_vitals": 1,
  "ASSESS": 2,
  "AUDIT": 2,
  "Application Backgrounded": 1,
  "Application Became Active": 1,
  "Application Installed": 1,
  "Application Opened": 1,
  "Application Updated": 1,
  "END": 1,
  "ERROR": 1,
  "EXDATA": 3,
  "FEEDBACK": 1,
  "HEARTBEAT": 1,
  "IMPRESSION": 1,
  "INTERACT": 2,
  "INTERRUPT": 2,
  "LOG": 2,
  "METRICS": 1,
  "RESPONSE": 2,
  "SEARCH": 1,
  "SHARE": 2,
  "SHARE_ITEM": 2,
  "START": 1,
  "SUMMARY": 1,
  "survey abandoned": 1,
  "survey dismissed": 1,
  "survey sent": 1,
  "survey shown": 1,
  "tm.heat": 2,
};

/** The same for names that begin so and are not in EVENT_LEVELS. */
export const PREFIX_LEVELS: Readonly<Record<string, LevelNumber>> = {
  "$ai_": 1,
};

/**
 * By event: its level, then the path of each field that is kept below full, with its level where that is another, and
 * marks: `~` at basic a path without its ids, `#` only numbers, `*` only names, `"` and `[` what stands for a required
 * field that is not kept. The empty name is the envelope.
 */
export const FIELDS: Readonly<Record<string, string>> = {
  "$create_alias": '2 alias distinct_id',
  "$groupidentify": '2 $group_key $group_set# $group_type',
  "$identify": '2 $anon_distinct_id $set#',
  "$level_changed": '0 from language level notice source',
  "$set": '2 $set#',
  "ASSESS": '2 duration index item.exlength item.id item.maxscore pass resvalues3[ score',
  "AUDIT": '2 prevstate props state',
  "END": '1 duration mode pageid~ summary# type',
  "ERROR": '1 err errtype object2 pageid~ plugin2 stacktrace2"',
  "EXDATA": '3 data0# type0',
  "FEEDBACK": '1 rating',
  "HEARTBEAT": '1 duration engaged pageid~ scroll',
  "IMPRESSION": '1 duration pageid~ subtype type uri~ visits2',
  "INTERACT": '2 duration extra.chain extra.pos id pageid plugin subtype target type',
  "INTERRUPT": '2 pageid type',
  "LOG": '2 level message3" pageid type',
  "METRICS": '1 metrics subsystem~ system',
  "RESPONSE": '2 target type values3[',
  "SEARCH": '1 correlationid2 filters2* query3" size sort2 topn3[ type',
  "SHARE": '2 dir items.id items.type items.ver type',
  "START": '1 duration mode pageid~ type uaspec.agent uaspec.system uaspec.ver2',
  "SUMMARY": '1 endtime extra2 interactions mode pageviews starttime timespent type',
  "": '1 actor.id actor.type context.cdata2 context.channel context.did2 context.env context.pdata context.rollup2 context.sid2 eid ets mid object2 ver',
  "tm.heat": '2 pages v vh vw',
};
