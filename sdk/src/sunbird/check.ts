/**
 * Sunbird's JSON schemas as a table small enough for a browser: for apps that ask for validation in the page.
 *
 * A shape is a text of fields: `name!` is required; after a colon stands its kind: `n` a number, `m` a number of at
 * least -1, `o` any object, the name of another shape, or nothing for a text; `[]` makes it a list. A shape that begins
 * with `=` has no other fields. The union of the SDK's and the server's schemas: what either takes is right here.
 */
const SHAPES: Readonly<Record<string, string>> = {
  event: 'ets!:n mid! actor!:actor context!:context object:object tags[]',
  actor: 'id! type!',
  context: 'channel! env! pdata!:pdata sid did cdata[]:cdata',
  pdata: 'id! pid ver',
  cdata: '=type! id!',
  object: 'id type ver rollup:rollup',
  rollup: 'l1 l2 l3 l4',
  reference: 'id type',
  target: '=id! ver! type! parent:reference',
  plugin: '=id! ver! category',
  inline: '=id! type! ver! subtype name code parent:reference',
  question: '=id! maxscore:n exlength:n params[]:o uri desc title mmc[] mc[] type',
  item: '=id type ver params[]:o origin:reference to:reference',
  visit: '=objid! objtype! objver section index:n',
  dspec: 'os make id mem:m idisk:m edisk:m scrn:m camera cpu sims:m cap[]',
  uaspec: 'agent ver system platform raw',
  START: '=type! dspec:dspec uaspec:uaspec loc mode duration:n pageid',
  END: '=type! mode duration:n pageid summary[]:o',
  IMPRESSION: '=type! pageid! uri! subtype duration:n visits[]:visit',
  INTERACT: '=type! id! subtype pageid duration:n target:target plugin:plugin extra:o',
  ASSESS: '=item!:question pass! score!:n resvalues![]:o duration!:n index:n',
  RESPONSE: '=target!:target type! values![]:o',
  INTERRUPT: '=type! pageid',
  FEEDBACK: '=rating:n comments commentid commenttxt',
  SHARE: '=items![]:item dir type',
  AUDIT: '=props[] state prevstate type duration:n',
  ERROR: '=err! errtype! stacktrace! traceid pageid object:inline plugin:plugin',
  HEARTBEAT: '',
  LOG: '=type! level! message! pageid params[]:o',
  SEARCH: '=query! size!:n topn![]:o type filters:o sort:o correlationid',
  EXDATA: '=type data',
  METRICS: '=system! subsystem! metrics[]:o',
  SUMMARY: '=type! mode starttime!:n endtime!:n timespent!:n pageviews!:n interactions!:n extra[]:o',
};

const FIELD = /^(\w+)(!?)(\[\])?:?(\w*)$/;

/** The first thing that is wrong with `event`, as `edata.type should be text`; undefined when nothing is. */
export function fault(event: { eid: string; ver: string; edata: unknown; mid: string }): string | undefined {
  if (event.ver !== '3.0' && event.ver !== '3.1') return 'ver should be 3.0 or 3.1';
  if (event.mid === '') return 'mid should not be empty';
  if (!(event.eid in SHAPES)) return `eid ${event.eid} is unknown`;
  return faultIn(event, 'event', 'event') ?? faultIn(event.edata, event.eid, 'edata');
}

function faultIn(value: unknown, shape: string, path: string): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${path} should be an object`;
  const members = value as Record<string, unknown>;
  const text = SHAPES[shape] ?? '';
  const names = new Set<string>();
  for (const field of text.replace('=', '').split(' ').filter(Boolean)) {
    const [, name = '', required, list, kind = ''] = FIELD.exec(field) ?? [];
    names.add(name);
    const member = members[name];
    const at = `${path}.${name}`;
    if (member === undefined) {
      if (required) return `${at} is missing`;
      continue;
    }
    if (list && !Array.isArray(member)) return `${at} should be a list`;
    for (const [index, each] of (list ? (member as unknown[]) : [member]).entries()) {
      const wrong = faultOf(each, kind, list ? `${at}[${index}]` : at);
      if (wrong) return wrong;
    }
  }
  if (path === 'event.context' && members['channel'] === '') return 'event.context.channel should not be empty';
  const other = text.startsWith('=') && Object.keys(members).find((name) => members[name] !== undefined && !names.has(name));
  return other ? `${path}.${other} is not known` : undefined;
}

function faultOf(value: unknown, kind: string, path: string): string | undefined {
  switch (kind) {
    case '':
      return typeof value === 'string' ? undefined : `${path} should be text`;
    case 'n':
    case 'm':
      if (typeof value !== 'number') return `${path} should be a number`;
      return kind === 'm' && value < -1 ? `${path} should be -1 or more` : undefined;
    case 'o':
      return faultIn(value, '', path);
    default:
      return faultIn(value, kind, path);
  }
}
