//! Faults by rule: what goes wrong, with which calls, how often.

use crate::api::nearest;
use crate::catalogue;
use crate::emulator::names::*;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::Error as _;

use super::ids::Ids;
use super::state::Verdict;

/// A rule: the calls it is about, and what befalls them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// Only this action; none: any.
    #[serde(default)]
    pub action: Option<String>,
    /// Only this zone; none: any.
    #[serde(default)]
    pub zone: Option<String>,
    /// How often at most; none: without end.
    #[serde(default)]
    pub times: Option<u32>,
    /// How likely, from 0 to 1; none: always.
    #[serde(default)]
    pub probability: Option<f64>,
    /// What goes wrong.
    #[serde(deserialize_with = "read_fault")]
    pub fault: Fault,
}

/// What goes wrong. Parts can be combined, such as a delay and a `ret_code`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Fault {
    /// Answer with this `ret_code`.
    #[serde(alias = "ret_code")]
    pub ret_code: Option<i64>,
    /// The message that goes with it.
    pub message: Option<String>,
    /// Answer with this HTTP status.
    #[serde(alias = "status")]
    pub http_status: Option<u16>,
    /// Headers to add, such as `Retry-After`.
    pub headers: BTreeMap<String, String>,
    /// The body that goes with `httpStatus`.
    pub body: Option<String>,
    /// Answer so much later.
    pub delay_ms: u32,
    /// Never answer.
    pub hang: bool,
    /// Carry the call out, then break the connection without an answer.
    pub lost: bool,
    /// Send half of the body, then break the connection.
    pub cut: bool,
    /// Answer with a page of HTML.
    pub html: bool,
    /// The service's clock is so much ahead (or, negative, behind) for this call.
    pub skew_ms: i64,
    /// Answer as if the hourly quota were used up.
    pub quota: bool,
    /// What the job of this call ends in: `failed` or `done with failure`.
    pub job: Option<String>,
    /// Whether the call is carried out before the fault strikes; `lost` and `cut` imply it, and so does a
    /// fault that turns nothing away.
    pub carried_out: Option<bool>,
}

fn read_fault<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Fault, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    let Some(word) = value.as_str() else {
        return serde_json::from_value(value).map_err(D::Error::custom);
    };
    let mut fault = Fault::default();
    match word {
        "hang" => fault.hang = true,
        "lost" => fault.lost = true,
        "cut" => fault.cut = true,
        "html" => fault.html = true,
        "quota" => fault.quota = true,
        _ => {
            return Err(D::Error::custom(format!(
                "fault {word:?} is none of \"hang\", \"lost\", \"cut\", \"html\", \"quota\""
            )));
        }
    }
    Ok(fault)
}

impl Fault {
    /// Whether the call is carried out in spite of the fault.
    pub fn is_carried_out(&self) -> bool {
        let turned_away = self.ret_code.is_some()
            || self.http_status.is_some()
            || self.html
            || self.hang
            || self.quota;
        self.carried_out
            .unwrap_or(self.lost || self.cut || !turned_away)
    }

    /// What the job of the call ends in.
    pub fn verdict(&self) -> Verdict {
        match self.job.as_deref() {
            Some("failed") => Verdict::Failed,
            Some("done with failure") => Verdict::DoneWithFailure,
            _ => Verdict::Successful,
        }
    }
}

impl FaultRule {
    /// Refuses what could never be meant.
    pub fn check(&self) -> Result<(), String> {
        let fault = &self.fault;
        if *fault == Fault::default() {
            return Err("Emulator options: a fault with no field does nothing; give it one such as retCode, or take it out".into());
        }
        // An action that resembles none may be one of the user's own cloud.
        if let Some(action) = &self.action
            && catalogue::find(action).is_none()
            && let Some(meant) = nearest(action, catalogue::actions().map(|known| known.name()))
        {
            return Err(format!(
                "Emulator options: action {action:?} of a fault is unknown; did you mean {meant}?"
            ));
        }
        if self
            .probability
            .is_some_and(|chance| !(0.0..=1.0).contains(&chance))
        {
            return Err("Emulator options: probability of a fault must be from 0 to 1".into());
        }
        if fault
            .http_status
            .is_some_and(|status| !(200..=599).contains(&status))
        {
            return Err("Emulator options: httpStatus of a fault must be from 200 to 599".into());
        }
        // No timer of JavaScript goes further.
        if fault.delay_ms > i32::MAX as u32 {
            return Err("Emulator options: delayMs of a fault must be at most 2147483647".into());
        }
        if fault
            .job
            .as_deref()
            .is_some_and(|job| !matches!(job, "failed" | "done with failure" | "successful"))
        {
            return Err("Emulator options: job of a fault must be \"failed\", \"done with failure\" or \"successful\"".into());
        }
        let plain = |text: &String| text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
        if fault.headers.iter().any(|(name, value)| {
            name.is_empty()
                || !name
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                || !plain(value)
        }) {
            return Err(
                "Emulator options: headers of a fault must have plain names and values".into(),
            );
        }
        Ok(())
    }
}

/// The rules with how often each has struck.
pub struct Faults {
    rules: Vec<FaultRule>,
    struck: Vec<u32>,
    chance: Ids,
}

impl Faults {
    pub fn new(rules: Vec<FaultRule>, seed: u64) -> Faults {
        let struck = rules.iter().map(|_| 0).collect();
        // Another stream than that of the ids: a fault must not change what things are called.
        Faults {
            rules,
            struck,
            chance: Ids::new(!seed),
        }
    }

    /// How often each rule has struck, and the state of chance: what a snapshot keeps.
    pub fn save(&self) -> (Vec<u32>, Ids) {
        (self.struck.clone(), self.chance.clone())
    }

    /// Takes up what a snapshot kept; counts of rules that are no more are dropped.
    pub fn resume(&mut self, struck: &[u32], chance: Ids) {
        for (at, count) in self.struck.iter_mut().enumerate() {
            *count = struck.get(at).copied().unwrap_or(0);
        }
        self.chance = chance;
    }

    /// The fault that befalls a call: that of the first rule that fits and strikes.
    pub fn strike(&mut self, action: &str, zone: &str) -> Option<Fault> {
        for (rule, struck) in self.rules.iter().zip(&mut self.struck) {
            let fits = rule.action.as_deref().is_none_or(|wanted| wanted == action)
                && rule.zone.as_deref().is_none_or(|wanted| wanted == zone)
                && rule.times.is_none_or(|times| *struck < times);
            if fits
                && rule
                    .probability
                    .is_none_or(|chance| self.chance.fraction() < chance)
            {
                *struck = struck.saturating_add(1);
                return Some(rule.fault.clone());
            }
        }
        None
    }

    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(json: &str) -> Faults {
        Faults::new(serde_json::from_str(json).expect("rules"), 7)
    }

    #[test]
    fn a_rule_strikes_as_often_as_it_says_and_only_where_it_says() {
        let mut faults = faults(
            r#"[{"action":"RunInstances","zone":"pek3a","times":2,"fault":{"ret_code":5100}}]"#,
        );
        assert!(faults.strike("RunInstances", "sh1a").is_none());
        assert!(faults.strike("StopInstances", "pek3a").is_none());
        assert_eq!(
            faults
                .strike("RunInstances", "pek3a")
                .and_then(|fault| fault.ret_code),
            Some(5100)
        );
        assert!(faults.strike("RunInstances", "pek3a").is_some());
        assert!(faults.strike("RunInstances", "pek3a").is_none());
    }

    #[test]
    fn chance_is_the_same_for_the_same_seed_and_about_right() {
        let count = |faults: &mut Faults| {
            (0..1000)
                .filter(|_| faults.strike("X", "").is_some())
                .count()
        };
        let json = r#"[{"probability":0.25,"fault":"hang"}]"#;
        let (first, second) = (count(&mut faults(json)), count(&mut faults(json)));
        assert_eq!(first, second);
        assert!((200..300).contains(&first), "{first}");
    }

    #[test]
    fn faults_that_cannot_be_meant_are_refused() {
        for bad in [
            r#"{"fault":"explode"}"#,
            r#"{"fault":{"boom":1}}"#,
            r#"{"fault":"hang","time":1}"#,
            r#"{}"#,
            r#"{"fault":null}"#,
        ] {
            assert!(serde_json::from_str::<FaultRule>(bad).is_err(), "{bad}");
        }
        let check = |json: &str| {
            let rule: FaultRule = serde_json::from_str(json).expect("the form is good");
            rule.check()
        };
        for bad in [
            r#"{"probability":2,"fault":"hang"}"#,
            r#"{"fault":{}}"#,
            r#"{"fault":{"headers":{}}}"#,
        ] {
            assert!(check(bad).is_err(), "{bad}");
        }
        let misspelt = check(r#"{"action":"RunInstance","fault":"hang"}"#).unwrap_err();
        assert!(
            misspelt.ends_with("did you mean RunInstances?"),
            "{misspelt}"
        );
        for good in [
            r#"{"action":"RunInstances","fault":{"delayMs":1}}"#,
            r#"{"action":"SomethingOfOurOwn","fault":"hang"}"#,
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn a_lost_answer_is_of_a_call_that_was_carried_out() {
        let fault = |json: &str| {
            serde_json::from_str::<FaultRule>(json)
                .expect("a rule")
                .fault
        };
        assert!(fault(r#"{"fault":"lost"}"#).is_carried_out());
        assert!(fault(r#"{"fault":{"delayMs":5}}"#).is_carried_out());
        assert!(!fault(r#"{"fault":{"httpStatus":502}}"#).is_carried_out());
        assert!(fault(r#"{"fault":{"status":502,"carriedOut":true}}"#).is_carried_out());
    }
}
