//! What the emulator's core takes: calls a second on one core, heap of 10,000 instances, growth over many calls.
//!
//! ```text
//! cargo bench --features emulator --bench emulator [-- <calls of the soak>]
//! ```
//!
//! A call is `Emulator::handle` of `DescribeInstances` that answers 20 instances; the URLs are signed before the
//! clock starts. Every figure that has a bound is held to it.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};

use qingcloud_wasm::emulator::{Emulator, Incoming, Options};
use qingcloud_wasm::sign::{Key, SignatureMethod, percent_encode, time};

/// When everything takes place, in milliseconds since 1970.
const NOW_MS: i64 = 1_700_000_000_000;
const LEAST_CALLS_PER_SECOND: f64 = 20_000.0;
const MOST_HEAP: usize = 64 << 20;
const INSTANCES: usize = 10_000;
const SHOWN: usize = 20;
/// Different URLs; they are sent over and over.
const URLS: usize = 1_000;
const ROUNDS: usize = 15;
const ROUND_CALLS: usize = 10_000;

/// The system's allocator, with the bytes counted that are in use.
struct Counting;

static IN_USE: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// SAFETY: every call goes to the system's allocator as it came; the count beside it is an atomic number.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        IN_USE.fetch_add(layout.size(), Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size(), Relaxed);
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        IN_USE.fetch_add(size, Relaxed);
        IN_USE.fetch_sub(layout.size(), Relaxed);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

fn main() {
    // `cargo bench` adds `--bench`.
    let soak_calls = std::env::args().skip(1).find_map(|word| word.parse().ok());

    let mut emulator = Emulator::new(Options::default());
    run(&mut emulator, SHOWN);
    let urls = urls(&emulator);
    let body = describe(&mut emulator, &urls[0]);
    let bytes = body.len();
    assert_eq!(body.matches("\"instance_id\"").count(), SHOWN, "{body}");
    let calls_per_second = median_speed(&mut emulator, &urls);
    println!(
        "DescribeInstances, {SHOWN} instances, {bytes} bytes: {calls_per_second:.0} calls/s on one core"
    );
    assert!(
        calls_per_second >= LEAST_CALLS_PER_SECOND,
        "at least {LEAST_CALLS_PER_SECOND} are promised"
    );

    if let Some(calls) = soak_calls {
        soak(&mut emulator, &urls, calls);
    }
    drop(emulator);

    let before = IN_USE.load(Relaxed);
    let mut emulator = Emulator::new(Options::default());
    for _ in 0..INSTANCES / 100 {
        run(&mut emulator, 100);
    }
    describe(&mut emulator, &urls[0]);
    let heap = IN_USE.load(Relaxed) - before;
    println!("{INSTANCES} instances: {:.1} MB of heap", heap as f64 / 1e6);
    assert!(heap < MOST_HEAP, "less than {MOST_HEAP} bytes are promised");
    let calls_per_second = median_speed(&mut emulator, &urls);
    println!("DescribeInstances, {SHOWN} of {INSTANCES} instances: {calls_per_second:.0} calls/s");
}

/// What the heap may still grow by once the log is full: its entries use their room again, and now and then one of
/// them meets the longest request for the first time. A hundredth of a byte a call would be past it in a million.
const MOST_GROWTH: usize = 4 << 10;

/// Many calls: the heap in use stays as it was after the log of requests was full.
fn soak(emulator: &mut Emulator, urls: &[String], calls: usize) {
    let start = Processor::now();
    let mut in_use = Vec::new();
    for number in 0..=calls {
        if number % (calls / 10).max(1) == 0 {
            in_use.push(IN_USE.load(Relaxed));
        }
        describe(emulator, &urls[number % urls.len()]);
    }
    let (first, last) = (in_use[1], in_use[in_use.len() - 1]);
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{calls} calls in {seconds:.1} s of processor time: {first} bytes of heap after a tenth of them, {last} at the end"
    );
    assert!(last < first + MOST_GROWTH, "the heap grew: {in_use:?}");
}

fn median_speed(emulator: &mut Emulator, urls: &[String]) -> f64 {
    let mut speeds: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Processor::now();
            for number in 0..ROUND_CALLS {
                describe(emulator, &urls[number % urls.len()]);
            }
            ROUND_CALLS as f64 / start.elapsed().as_secs_f64()
        })
        .collect();
    speeds.sort_by(f64::total_cmp);
    speeds[ROUNDS / 2]
}

fn describe(emulator: &mut Emulator, url: &str) -> String {
    send(emulator, url, NOW_MS + 10_000)
}

fn send(emulator: &mut Emulator, url: &str, now_ms: i64) -> String {
    let incoming = Incoming {
        method: "GET",
        url: url.as_bytes(),
        body: b"",
    };
    emulator.handle(incoming, now_ms).body
}

fn run(emulator: &mut Emulator, count: usize) {
    let count = count.to_string();
    let url = url(
        emulator,
        &[
            ("action", "RunInstances"),
            ("count", &count),
            ("image_id", "centos73x64"),
            ("instance_name", "web"),
            ("instance_type", "c1m1"),
            ("login_mode", "passwd"),
            ("login_passwd", "Passw0rd-1"),
            ("vxnets.1", "vxnet-0"),
        ],
    );
    let body = send(emulator, &url, NOW_MS);
    assert!(body.contains("\"ret_code\":0"), "{body}");
}

fn urls(emulator: &Emulator) -> Vec<String> {
    (0..URLS)
        .map(|number| {
            let id = format!("r{number}");
            url(
                emulator,
                &[
                    ("action", "DescribeInstances"),
                    ("limit", "20"),
                    ("req_id", &id),
                ],
            )
        })
        .collect()
}

/// A signed address; the pairs come with their values plain.
fn url(emulator: &Emulator, own: &[(&str, &str)]) -> String {
    let (id, secret) = emulator.first_key();
    let stamp = time::format(NOW_MS / 1000).expect("a year of four digits");
    let stamp = std::str::from_utf8(&stamp).expect("ASCII");
    let mut pairs = vec![
        ("access_key_id", id),
        ("signature_method", "HmacSHA256"),
        ("signature_version", "1"),
        ("time_stamp", stamp),
        ("version", "1"),
        ("zone", "pek3"),
    ];
    pairs.extend(own);
    pairs.sort_unstable();
    let mut query = Vec::new();
    for (name, value) in pairs {
        if !query.is_empty() {
            query.push(b'&');
        }
        percent_encode(&mut query, name.as_bytes());
        query.push(b'=');
        percent_encode(&mut query, value.as_bytes());
    }
    let key = Key::new(SignatureMethod::HmacSha256, secret.as_bytes().to_vec());
    let signature = key.sign(&[b"GET\n/iaas/\n", &query]);
    query.extend_from_slice(b"&signature=");
    percent_encode(&mut query, signature.as_bytes());
    format!("/iaas/?{}", String::from_utf8(query).expect("ASCII"))
}

/// A moment in this program's own processor time where the system tells it, else on the wall's clock.
struct Processor {
    used: Option<Duration>,
    wall: Instant,
}

impl Processor {
    fn now() -> Processor {
        Processor {
            used: Processor::used(),
            wall: Instant::now(),
        }
    }

    fn elapsed(&self) -> Duration {
        match (self.used, Processor::used()) {
            (Some(start), Some(end)) => end - start,
            _ => self.wall.elapsed(),
        }
    }

    /// Linux: the first figure of `schedstat`, in nanoseconds.
    fn used() -> Option<Duration> {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        let nanoseconds = text.split(' ').next()?.parse().ok()?;
        Some(Duration::from_nanos(nanoseconds))
    }
}
