//! `properties['edata.pageid']`: a property's column where there is one, else a look into the JSON text.

use datafusion::arrow::array::{Array, ArrayRef, StringViewArray, StringViewBuilder};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Column, DFSchema, ExprSchema, Result, ScalarValue, exec_err};
use datafusion::logical_expr::planner::{ExprPlanner, PlannerResult, RawFieldAccessExpr};
use datafusion::logical_expr::{
    ColumnarValue, Expr, GetFieldAccess, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// Name of the column with all properties as JSON.
pub const PROPERTIES: &str = "properties";
/// Field metadata: the property key of a column of `events`; and, on [`PROPERTIES`], the table it is of.
pub const FIELD_KEY: &str = "telemetry.key";
pub const FIELD_TABLE: &str = "telemetry.table";
/// Field metadata: the texts of this column are JSON.
pub const FIELD_JSON: &str = "telemetry.json";

/// Plans `properties['key']`.
#[derive(Debug)]
pub struct PropertyAccess {
    /// By property key: the name of its column.
    pub columns: HashMap<String, String>,
}

impl ExprPlanner for PropertyAccess {
    fn plan_field_access(
        &self,
        access: RawFieldAccessExpr,
        schema: &DFSchema,
    ) -> Result<PlannerResult<RawFieldAccessExpr>> {
        let (Expr::Column(column), GetFieldAccess::NamedStructField { name }) = (&access.expr, &access.field_access)
        else {
            return Ok(PlannerResult::Original(access));
        };
        let Some(key) = name.try_as_str().flatten().filter(|_| column.name == PROPERTIES) else {
            return Ok(PlannerResult::Original(access));
        };
        let known = self.columns.get(key);
        let found = known.and_then(|known| {
            schema.iter().find(|(qualifier, field)| {
                *qualifier == column.relation.as_ref()
                    && field.name() == known
                    && field.metadata().get(FIELD_KEY).is_some_and(|own| own == key)
            })
        });
        if let Some((qualifier, field)) = found {
            return Ok(PlannerResult::Planned(Expr::Column(Column::new(qualifier.cloned(), field.name()))));
        }
        let of_events = schema
            .field_from_column(column)
            .is_ok_and(|field| field.metadata().get(FIELD_TABLE).is_some_and(|table| table == "events"));
        if known.is_none() && of_events {
            // No event has it; building the JSON of every row would find the same.
            let null = Expr::Literal(ScalarValue::Utf8View(None), None);
            return Ok(PlannerResult::Planned(null.alias(format!("{PROPERTIES}[{key}]"))));
        }
        let look = ScalarUDF::from(PropertyOf::default());
        let look = look.call(vec![access.expr.clone(), Expr::Literal(name.clone(), None)]);
        Ok(PlannerResult::Planned(look.alias(format!("{PROPERTIES}[{key}]"))))
    }
}

/// `property_of(json, key)`: the value of a top-level key as text; texts without quotes, the rest as JSON.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct PropertyOf {
    signature: Signature,
}

impl Default for PropertyOf {
    fn default() -> Self {
        PropertyOf { signature: Signature::exact(vec![DataType::Utf8View, DataType::Utf8View], Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for PropertyOf {
    fn name(&self) -> &str {
        "property_of"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Utf8View)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let arrays = ColumnarValue::values_to_arrays(&args.args)?;
        let [json, keys] = arrays.as_slice() else { return exec_err!("property_of takes a JSON text and a key") };
        let texts = |array: &ArrayRef| -> Result<StringViewArray> {
            let views = cast(array, &DataType::Utf8View)?;
            Ok(views
                .as_any()
                .downcast_ref::<StringViewArray>()
                .cloned()
                .unwrap_or_else(|| StringViewArray::new_null(0)))
        };
        let (json, keys) = (texts(json)?, texts(keys)?);
        let mut found = StringViewBuilder::new();
        for (text, key) in json.iter().zip(keys.iter()) {
            found.append_option(text.zip(key).and_then(|(text, key)| value_of(text, key)));
        }
        Ok(ColumnarValue::Array(Arc::new(found.finish())))
    }
}

fn value_of(json: &str, key: &str) -> Option<String> {
    let Ok(Value::Object(mut object)) = serde_json::from_str(json) else { return None };
    match object.remove(key)? {
        Value::Null => None,
        Value::String(text) => Some(text),
        Value::Number(number) => Some(match number.as_f64() {
            Some(float) if number.is_f64() => crate::value::canonical_number(float),
            _ => number.to_string(),
        }),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_as_the_columns_would_show_them() {
        let json = r#"{"t":"x \"y\"","n":1.0,"i":12,"b":true,"j":[1,"a"],"z":null}"#;
        let cases = [("t", Some("x \"y\"")), ("n", Some("1")), ("i", Some("12")), ("b", Some("true"))];
        for (key, value) in cases.into_iter().chain([("j", Some("[1,\"a\"]")), ("z", None), ("missing", None)]) {
            assert_eq!(value_of(json, key).as_deref(), value, "{key}");
        }
        assert_eq!(value_of("no json", "t"), None);
    }
}
