//! How imports say metric alerts: by the constructor that makes the same kind of criteria.

use crate::azure::MetricCriterion;
use crate::schema::{PropertyType, Saying};
use crate::value::{Fields, Value};

/// What is looked for is said by the alert's constructor, measurement by measurement.
pub(super) fn say(alert: &mut Saying<'_>) {
    const SAID: &[&str] = &["name", "group", "targets", "criteria"];
    let criteria = alert.blocks("criteria");
    let Some(criteria) = criteria.first() else { return };
    let targets = match alert.get("targets") {
        Some(Value::List(targets)) => targets.len(),
        _ => 0,
    };
    let base = ["name", "group"].map(|property| alert.expression(property));
    let ([Some(name), Some(group)], Some(kind)) = (base, criteria.text("kind")) else { return };
    let of = |word: &str| kind.to_ascii_lowercase().contains(word);
    if of("webtest") {
        let parts = ["web_test", "insights", "failed_places"].map(|part| criteria.expression(part));
        // The alert watches the two that its criteria name, and nothing else.
        let watched = ["web_test", "insights"].map(|part| criteria.get(part));
        let same = targets == 2 && watched.iter().all(|id| is_among(alert.get("targets"), *id));
        if let ([Some(test), Some(insights), Some(places)], true) = (parts, same) {
            let head =
                format!("MetricAlert::web_test({name}, {group}, {test}, {insights}, {places})");
            alert.construct_as(head, SAID);
        }
        return;
    }
    let Some(mut criterions) = numbered(criteria).filter(|all| !all.is_empty()) else { return };
    let more: String = criterions.split_off(1).iter().map(|c| format!(".and({c})")).collect();
    let first = criterions.concat();
    let learned =
        criteria.blocks("all").first().is_some_and(|one| one.get("sensitivity").is_some());
    let wide = ["target_type", "target_region"].map(|part| alert.expression(part));
    let head = match (wide, targets) {
        ([None, None], 1) if learned == of("multipleresource") => {
            let Some(target) = alert.each("targets") else { return };
            format!("MetricAlert::on({name}, {group}, {}, {first})", target.concat())
        }
        ([Some(kind), Some(region)], 1..) if of("multipleresource") => {
            let Some(targets) = alert.expression("targets") else { return };
            format!("MetricAlert::on_each({name}, {group}, {targets}, ({kind}, {region}), {first})")
        }
        _ => return,
    };
    alert.construct_as(head, SAID);
    alert.settle(&["target_type", "target_region"]);
    if !more.is_empty() {
        alert.call(more, &[]);
    }
}

fn is_among(list: Option<&Value>, one: Option<&Value>) -> bool {
    let (Some(Value::List(list)), Some(one)) = (list, one) else { return false };
    let id = |value: &Value| value.as_str().map(str::to_ascii_lowercase);
    let same = |item: &Value| {
        item.as_text() == one.as_text() || (id(item).is_some() && id(item) == id(one))
    };
    one.as_text().is_some() && list.iter().any(same)
}

/// The measurements. A name that the alert gives by itself is not said.
fn numbered(criteria: &Saying<'_>) -> Option<Vec<String>> {
    let Some(Value::List(all)) = criteria.get("all") else { return None };
    let block = MetricCriterion::KIND.block()?;
    let name = block.props.iter().position(|property| property.name == "name");
    let name = u16::try_from(name?).ok()?;
    let one = |(n, value): (usize, &Value)| {
        let mut fields: Fields = value.as_block()?.clone();
        let usual = format!("Metric{}", n + 1);
        if fields.get(name).and_then(Value::as_str) == Some(&usual) {
            fields.set(name, Value::literal(""), None);
        }
        MetricCriterion::rust(&Value::Block(fields), criteria.variables)
    };
    all.iter().enumerate().map(one).collect()
}

/// Bounds by the constructor of their side.
pub(super) fn say_criterion(criterion: &mut Saying<'_>) {
    const MEASURED: [&str; 3] = ["namespace", "metric", "aggregation"];
    let operator = criterion.text("operator").map(str::to_ascii_lowercase);
    let operator = operator.as_deref().unwrap_or_default();
    let learned = criterion.reads("kind", "DynamicThresholdCriterion");
    let (constructor, bound) = match operator {
        _ if learned => ("unusual", "sensitivity"),
        "greaterthan" => ("above", "threshold"),
        "greaterthanorequal" => ("at_least", "threshold"),
        "lessthan" => ("below", "threshold"),
        "lessthanorequal" => ("at_most", "threshold"),
        "equals" => ("equal", "threshold"),
        _ => return,
    };
    let arguments = [&MEASURED[..], &[bound]].concat();
    if !criterion.construct(&format!("MetricCriterion::{constructor}"), &arguments) {
        return;
    }
    if learned {
        match operator {
            "greaterthan" => criterion.call(".only_above()".into(), &[]),
            "lessthan" => criterion.call(".only_below()".into(), &[]),
            _ => {}
        }
        criterion.implies("periods", 4);
        criterion.implies("failing_periods", 4);
        let periods = ["failing_periods", "periods"];
        if let [Some(least), Some(of)] = periods.map(|property| criterion.expression(property)) {
            let usual = least == "4" && of == "4";
            let call = if usual { String::new() } else { format!(".failing({least}, {of})") };
            criterion.call(call, &periods);
        }
    }
    if let Some(name) = criterion.text("name").filter(|name| !name.is_empty()) {
        criterion.call(format!(".named({name:?})"), &[]);
    }
    criterion.settle(&["name", "kind", "operator"]);
}

#[cfg(test)]
mod tests {
    use crate::azure::refusals::said;
    use crate::azure::{AlertSensitivity, MetricAggregation, MetricCriterion};

    #[test]
    fn bounds_are_said_by_their_side() {
        let total = MetricAggregation::Total;
        let above = MetricCriterion::above("Microsoft.Web/sites", "Http5xx", total, 10.0);
        assert_eq!(
            said(above.named("errors")).as_deref(),
            Some(
                "MetricCriterion::above(\"Microsoft.Web/sites\", \"Http5xx\", MetricAggregation::Total, 10.0)\
                 .named(\"errors\")"
            )
        );
        let unusual = || {
            let low = AlertSensitivity::Low;
            MetricCriterion::unusual("Microsoft.Web/sites", "Requests", total, low)
        };
        let head = "MetricCriterion::unusual(\"Microsoft.Web/sites\", \"Requests\", \
                    MetricAggregation::Total, AlertSensitivity::Low)";
        assert_eq!(said(unusual()).as_deref(), Some(head));
        let rarely = said(unusual().only_below().failing(2, 6));
        assert_eq!(rarely, Some(format!("{head}.only_below().failing(2, 6)")));
    }
}
