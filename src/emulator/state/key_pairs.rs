//! Key pairs for logging in: create, describe, attach, detach, delete, modify.
//!
//! The private key given out is text that opens nothing, and is not kept.

use crate::emulator::names::*;

use serde::{Deserialize, Serialize};

use super::jobs::Change;
use super::store::{Head, Resource};
use super::words::Status;
use super::{Handler, State, find, modify_one, quotas, ready, tags};
use crate::emulator::call::Call;
use crate::emulator::json::Json;
use crate::emulator::query;
use crate::emulator::refusal::Refusal;

pub const ACTIONS: &[(&str, Handler)] = &[
    ("DescribeKeyPairs", describe),
    ("CreateKeyPair", create),
    ("DeleteKeyPairs", delete),
    ("AttachKeyPairs", attach),
    ("DetachKeyPairs", detach),
    ("ModifyKeyPairAttributes", modify),
];

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeyPair {
    pub head: Head,
    pub encrypt_method: String,
    pub public_key: String,
}

impl Resource for KeyPair {
    const PREFIX: &'static str = "kp-";
    const TYPE: &'static str = "keypair";
    fn head(&self) -> &Head {
        &self.head
    }
    fn head_mut(&mut self) -> &mut Head {
        &mut self.head
    }
}

const BASE64: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn create(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let name = call.params.required("keypair_name")?;
    let method = call.params.given("encrypt_method").unwrap_or("ssh-rsa");
    let by_user = call.params.text("mode") == Some("user");
    let given = if by_user {
        call.params.required("public_key")?
    } else {
        ""
    };
    quotas::check(state, call, "keypair", 1)?;
    let head = state.new_head::<KeyPair>(call, name, Status::Active);
    out.text("keypair_id", &head.id);
    let public_key = if by_user {
        given.to_owned()
    } else {
        let body = state.ids.text(BASE64, 64);
        out.text("private_key", &format!("-----BEGIN RSA PRIVATE KEY-----\nof the emulator, opens nothing\n{body}\n-----END RSA PRIVATE KEY-----\n"));
        format!("{method} {}", state.ids.text(BASE64, 64))
    };
    state.key_pairs.insert(KeyPair {
        head,
        encrypt_method: method.to_owned(),
        public_key,
    });
    Ok(())
}

fn delete(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let ids = call.params.required_list("keypairs")?;
    for id in &ids {
        find(&state.key_pairs, call, id)?;
        if let Some(host) = state
            .instances
            .items()
            .iter()
            .find(|instance| instance.key_pairs.contains(id))
        {
            return Err(Refusal::denied(format!(
                "keypair [{id}] is in use by instance [{}], can not be deleted",
                host.head.id
            )));
        }
        state.check_free("keypair", id, "deleted", |change| match change {
            Change::AttachKeyPair { keypair, .. } => keypair == id,
            Change::Reset { key_pairs, .. } => key_pairs.contains(id),
            _ => false,
        })?;
    }
    state.key_pairs.retain(|pair| !ids.contains(&pair.head.id));
    out.texts("keypairs", &ids);
    Ok(())
}

fn work(
    state: &mut State,
    call: &Call,
    out: &mut Json,
    done: &str,
    change: fn(String, String) -> Change,
) -> Result<(), Refusal> {
    let pairs = call.params.required_list("keypairs")?;
    let instances = call.params.required_list("instances")?;
    for pair in &pairs {
        find(&state.key_pairs, call, pair)?;
    }
    ready(
        &state.instances,
        call,
        &instances,
        &[Status::Running, Status::Stopped],
        done,
    )?;
    let changes = pairs
        .iter()
        .flat_map(|pair| {
            instances
                .iter()
                .map(move |instance| change(pair.clone(), instance.clone()))
        })
        .collect();
    let job = state.start_job(call, instances, changes);
    out.text("job_id", &job);
    Ok(())
}

fn attach(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    work(state, call, out, "given a keypair", |keypair, instance| {
        Change::AttachKeyPair { keypair, instance }
    })
}

fn detach(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    work(state, call, out, "rid of a keypair", |keypair, instance| {
        Change::DetachKeyPair { keypair, instance }
    })
}

fn modify(state: &mut State, call: &Call, _: &mut Json) -> Result<(), Refusal> {
    let id = call.params.required("keypair")?;
    modify_one(&mut state.key_pairs, call, id, "keypair_name")?;
    Ok(())
}

fn describe(state: &mut State, call: &Call, out: &mut Json) -> Result<(), Refusal> {
    let method = call.params.given("encrypt_method");
    let instance = call.params.given("instance_id");
    let keep = |pair: &KeyPair| {
        method.is_none_or(|method| method == pair.encrypt_method)
            && instance.is_none_or(|id| {
                state
                    .instances
                    .get(id)
                    .is_some_and(|host| host.key_pairs.contains(&pair.head.id))
            })
    };
    query::list(
        out,
        call,
        &state.key_pairs,
        "keypairs",
        "keypair_set",
        keep,
        |out, pair| {
            let head = &pair.head;
            out.text("keypair_id", &head.id);
            out.text("keypair_name", &head.name);
            out.text("description", &head.description);
            out.text("encrypt_method", &pair.encrypt_method);
            out.text("pub_key", &pair.public_key);
            out.text("priv_key", "");
            out.text("owner", &head.owner);
            out.time("create_time", head.created_ms);
            out.texts("instance_ids", holders(state, &head.id));
            out.texts("resource_ids", holders(state, &head.id));
            tags::show_of(out, state, head);
        },
    )
}

/// The ids of the instances that a key pair opens.
fn holders<'a>(state: &'a State, pair: &'a str) -> impl Iterator<Item = &'a String> {
    let holds =
        move |host: &&super::instances::Instance| host.key_pairs.iter().any(|held| held == pair);
    state
        .instances
        .items()
        .iter()
        .filter(holds)
        .map(|host| &host.head.id)
}
