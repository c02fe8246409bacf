#![no_std]
#![warn(missing_docs)]
#![doc = "The map of this crate, in dependency order; arrows point to the user.\n"]
//! ```text
//! catalogue ──▶ sign ──▶ api ──▶ client (wasm) ──▶ pkg ──▶ www, js-tests
//!                         └────▶ emulator (wasm)
//! ```
//!
//! * [`catalogue`]: what the service's pages say of each action. Data and look-ups.
//! * [`sign`]: parameters, a key and a time give a signed request. No clock, no I/O.
#![cfg_attr(
    feature = "catalogue",
    doc = "* [`api`]: decisions about a call (retry, page, wait, read an answer) as pure values."
)]
//! * `client`: what is done about them, in JavaScript's world. It brings with it the files of `pkg` that only JavaScript
//!   can be: the error class, an exchange, listening to a signal, a secret's bytes.

extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

#[cfg(feature = "catalogue")]
pub mod api;
pub mod catalogue;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "emulator")]
pub mod emulator;
pub mod sign;
#[cfg(all(feature = "signer", target_family = "wasm"))]
pub mod signer;
mod slab;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
