/** The words of our SQL: what the engine can do within a SELECT. Colours and completion come from them. */
import { SQLDialect } from "@codemirror/lang-sql";

const KEYWORDS =
  "select from where group by having order asc desc nulls first last limit offset distinct all as on using join inner left right full outer cross semi anti union intersect except with recursive case when then else end and or not in is null like ilike similar between exists any some cast try_cast extract interval at time zone over partition rows range preceding following unbounded current row filter within values lateral unnest qualify true false";

const TYPES =
  "bigint int integer smallint double float real decimal numeric boolean text varchar date timestamp timestamptz time";

/** Functions that event data is asked with; the engine has more, which work too. */
export const FUNCTIONS =
  "abs approx_distinct approx_median approx_percentile_cont array_agg array_length arrow_cast avg bool_and bool_or btrim ceil char_length coalesce concat concat_ws corr count cume_dist current_date date_bin date_part date_trunc dense_rank ends_with exp first_value floor greatest lag last_value lead least left length ln log lower lpad ltrim max median min now nth_value ntile nullif percent_rank position power rank regexp_like regexp_match regexp_replace repeat replace reverse right round row_number rpad rtrim split_part sqrt starts_with stddev string_agg strpos substr substring sum to_char to_date to_timestamp trim upper var_pop";

export const dialect = SQLDialect.define({
  keywords: KEYWORDS,
  types: TYPES,
  builtin: FUNCTIONS,
  caseInsensitiveIdentifiers: false,
  identifierQuotes: '"',
});

/** All keywords, for completion: written large, as queries are read most easily. */
export const KEYWORD_LIST = [...new Set(KEYWORDS.split(" "))].map((word) => word.toUpperCase());
export const FUNCTION_LIST = FUNCTIONS.split(" ");
