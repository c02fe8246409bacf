#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| qingcloud_wasm_fuzz::doctor(data));
