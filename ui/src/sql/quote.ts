/** Names and texts as SQL writes them. */

/** Words that are no names unless they are quoted; a column may still be called so. */
const RESERVED = new Set(
  "all and as asc between by case cross desc distinct else end except exists false from full group having in inner intersect is join left like limit not null offset on or order outer over right select then true union using when where with".split(
    " ",
  ),
);

/** A name that can stand in a query: quoted unless it is plain, since names without quotes lose their capitals. */
export const quoted = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`;

/** A text value. */
export const literal = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** A property of an event. */
export const property = (name: string): string => `properties[${literal(name)}]`;
