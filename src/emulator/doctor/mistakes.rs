//! The known mistakes: a code, and what to say in English and Chinese.

use crate::emulator::names::*;
use std::borrow::Cow;

macro_rules! codes {
    ($($variant:ident $word:literal $english:literal $chinese:literal)+) => {
        /// What a mistake is called.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs, reason = "each one is described by its texts")]
        pub enum Code { $($variant),+ }

        impl Code {
            /// Every code there is.
            pub const ALL: &[Code] = &[$(Code::$variant),+];

            /// The code as programs know it.
            pub const fn word(self) -> &'static str {
                match self { $(Code::$variant => $word),+ }
            }

            /// What is wrong and what to change; `{}` stands for what it is about.
            const fn texts(self) -> (&'static str, &'static str) {
                match self { $(Code::$variant => ($english, $chinese)),+ }
            }
        }
    };
}

codes! {
    PlusForSpace "plus-for-space"
        "A space was encoded as +; encode it as %20 (RFC 3986), also in what is signed."
        "空格被编码成了 +；签名和发送时都应按 RFC 3986 编码为 %20。"
    LowerCaseHex "lower-case-hex"
        "Percent-encoding used small letters such as %2f; use capitals: %2F."
        "百分号编码用了小写十六进制（如 %2f），应使用大写（%2F）。"
    ReservedLeftBare "reserved-left-bare"
        "These characters were left unencoded: {}; encode everything but letters, digits and - _ . ~"
        "这些字符没有编码：{}；除字母、数字和 - _ . ~ 之外都要编码。"
    TildeEncoded "tilde-encoded"
        "A ~ was encoded as %7E; leave it as it is."
        "~ 被编码成了 %7E，应保持原样。"
    OverEncoded "over-encoded"
        "Characters that stay as they are were percent-encoded: {} ; leave letters, digits and - _ . ~ as they are."
        "不应编码的字符被编码了：{} ；字母、数字和 - _ . ~ 应保持原样。"
    MissingEquals "missing-equals"
        "Parameter {} has no = behind its name; an empty value keeps its =, as in name="
        "参数 {} 后面缺少 =；空值也要写成 name= 的形式。"
    StrayAmpersand "stray-ampersand"
        "There is an & too many, at an end of the query or beside another; one & stands between two parameters, nowhere else."
        "查询串多了一个 &（在首尾或与另一个 & 相邻）；& 只应出现在两个参数之间。"
    FormEncoded "form-encoded"
        "The parameters were encoded as a form (+ for space, bare *, %7E for ~), as URLSearchParams or URLEncoder do; use RFC 3986."
        "参数按表单方式编码（空格变 +、* 不编码、~ 变 %7E，URLSearchParams 或 URLEncoder 即如此），应使用 RFC 3986。"
    DoubleEncoded "double-encoded"
        "Values were encoded twice, % became %25; encode them once."
        "参数值被编码了两次（% 变成 %25），只应编码一次。"
    NotEncoded "not-encoded"
        "Values were signed without percent-encoding; sign the encoded query."
        "签名时参数值没有做百分号编码，应对编码后的查询串签名。"
    NamesNotEncoded "names-not-encoded"
        "The names of parameters were signed without percent-encoding; encode names like values."
        "签名时参数名没有编码，参数名与参数值都要编码。"
    NotUtf8 "not-utf8"
        "Characters beyond ASCII were encoded as Latin-1; encode the bytes of UTF-8."
        "非 ASCII 字符按 Latin-1 编码，应按 UTF-8 字节编码。"
    SortedAsJoinedText "sorted-as-joined-text"
        "The parameters were sorted as name=value text; sort by name alone, then join."
        "按 name=value 整串排序；应只按参数名排序，然后再拼接。"
    SortedByNumber "sorted-by-number"
        "The parameters were sorted by their numbers (x.2 before x.10); sort names byte by byte: x.1, x.10, x.2."
        "列表参数按数字大小排序（x.2 在 x.10 前）；应按字节排序：x.1、x.10、x.2。"
    SortedIgnoringCase "sorted-ignoring-case"
        "The parameters were sorted without regard to case; capitals come before small letters."
        "排序时忽略了大小写；按字节排序，大写字母在小写字母之前。"
    SortedAfterEncoding "sorted-after-encoding"
        "The parameters were sorted by their encoded names; sort first, then encode."
        "按编码后的参数名排序；应先排序再编码。"
    SortedAsUtf16 "sorted-as-utf16"
        "The parameters were sorted by UTF-16 units, as JavaScript does; sort by the bytes of UTF-8."
        "按 UTF-16 单元排序（JavaScript 默认如此），应按 UTF-8 字节排序。"
    NotSorted "not-sorted"
        "The parameters were signed in the order in which they were sent; sort them by name."
        "参数没有排序就签名了；应按参数名升序排列。"
    MissingSlash "missing-slash"
        "The path was signed without its last slash; sign the path exactly as it is sent."
        "签名时路径末尾少了斜杠；签名的路径必须与发送的完全一致。"
    ExtraSlash "extra-slash"
        "The path was signed with a slash too many at its end; sign the path exactly as it is sent."
        "签名时路径末尾多了斜杠；签名的路径必须与发送的完全一致。"
    WrongPath "wrong-path"
        "Another path was signed than the one sent: {} ; sign the path exactly as it is sent."
        "签名的路径与发送的不同：{} ；签名的路径必须与发送的完全一致。"
    IaasForIam "iaas-for-iam"
        "/iaas/ and /iam/ were mixed up: a request with a token goes to /iam/ and signs that path, one without goes to /iaas/."
        "/iaas/ 与 /iam/ 混淆：带 token 的请求发往 /iam/ 并对该路径签名，不带的发往 /iaas/。"
    WrongVerb "wrong-verb"
        "Another method was signed than the one sent: {} ; sign the method in capitals that the request is sent with."
        "签名的请求方法与实际不同：{} ；应使用实际发送的方法（大写）。"
    WrongLayout "wrong-layout"
        "The string to sign is put together wrongly: {} ; it is method, path and query, with one newline between them."
        "待签名字符串的拼接有误：{} ；应为 方法、路径、查询串，之间各一个换行符。"
    ParameterNotSigned "parameter-not-signed"
        "Parameter {} was added after signing; sign every parameter that is sent."
        "参数 {} 在签名之后才加入；发送的每个参数都要参与签名。"
    PublicParameterNotSigned "public-parameter-not-signed"
        "The public parameter {} was left out of the string to sign; sign every parameter but the signature."
        "公共参数 {} 没有参与签名；除 signature 外所有参数都要参与签名。"
    EmptyValuesLeftOut "empty-values-left-out"
        "Parameters with empty values were left out of the string to sign; they are signed as name= too."
        "值为空的参数没有参与签名；它们也要以 name= 的形式参与签名。"
    ValueTrimmed "value-trimmed"
        "Values were trimmed before signing but not before sending; sign exactly what is sent."
        "签名前去掉了参数值首尾的空白，发送时却没有；签名内容必须与发送内容一致。"
    SignatureSigned "signature-signed"
        "An empty signature parameter was part of the string to sign; leave it out."
        "待签名字符串中包含了空的 signature 参数，应去掉。"
    TimeStampMadeTwice "time-stamp-made-twice"
        "The time stamp that was signed is not the one that was sent; read the clock once."
        "签名用的时间戳与发送的不同；应只取一次时间。"
    Sha1ForSha256 "sha1-for-sha256"
        "The signature was made with HMAC-SHA1 while signature_method says HmacSHA256; use the same in both."
        "signature_method 为 HmacSHA256，却用 HMAC-SHA1 计算签名；两者必须一致。"
    Sha256ForSha1 "sha256-for-sha1"
        "The signature was made with HMAC-SHA256 while signature_method says HmacSHA1; use the same in both."
        "signature_method 为 HmacSHA1，却用 HMAC-SHA256 计算签名；两者必须一致。"
    SignatureNotEncoded "signature-not-encoded"
        "The signature stands in the query without percent-encoding, so + arrives as a space; encode + / = in it."
        "签名未经百分号编码就放进了查询串，其中的 + 会变成空格；应编码签名里的 + / =。"
    SignatureEncodedTwice "signature-encoded-twice"
        "The signature was percent-encoded twice; encode it once."
        "签名被编码了两次，只应编码一次。"
    SignatureInHex "signature-in-hex"
        "The signature is the hexadecimal form of the HMAC; use base64 of its raw bytes."
        "签名用了 HMAC 的十六进制形式，应对原始字节做 base64。"
    SignatureUrlSafe "signature-url-safe"
        "The signature is in URL-safe or unpadded base64; use ordinary base64 with its = and percent-encode it."
        "签名用了 URL 安全或去掉 = 的 base64；应使用标准 base64 再做百分号编码。"
    SignatureWithBlanks "signature-with-blanks"
        "There are blanks or a line end in the signature; take them out."
        "签名中混入了空白或换行，应去掉。"
    SecretWithBlanks "secret-with-blanks"
        "The secret was used with a blank or line end that does not belong to it; trim it."
        "使用的密钥带有多余的空白或换行，应去掉。"
    SecretInQuotes "secret-in-quotes"
        "The secret was used with quotation marks around it; take them off."
        "使用的密钥带有引号，应去掉。"
    IdForSecret "id-for-secret"
        "The access key id was used as the secret; use secret_access_key."
        "把 access_key_id 当作密钥使用了；应使用 secret_access_key。"
    IdIsSecret "id-is-secret"
        "access_key_id in the request and the secret given here are the same text; one of them stands in the other's place: check both, where the request is signed and here."
        "请求中的 access_key_id 与此处给出的密钥相同，其中一个填到了另一个的位置；请检查签名处的配置和此处的输入。"
    SecretWithAmpersand "secret-with-ampersand"
        "A & was put behind the secret, as other clouds want it; use the secret alone."
        "密钥后面多加了 &（其他云的做法）；应直接使用密钥。"
    SecretDecoded "secret-decoded"
        "The secret was base64- or percent-decoded, or encoded, before use; use its text as it is."
        "密钥在使用前被做了 base64 或百分号编解码；应直接使用原文。"
    SecretInOtherCase "secret-in-other-case"
        "The secret was turned into capitals or small letters; use it as it is."
        "密钥被转换了大小写；应使用原文。"
    EmptySecret "empty-secret"
        "The signature was made with an empty secret; check where the secret is read from."
        "签名时密钥为空；请检查密钥的读取位置。"
    StaleTimeStamp "stale-time-stamp"
        "time_stamp is {} in the past; at most 60 s are allowed. Set the clock, or sign closer to sending."
        "time_stamp 比当前时间早 {}，最多允许 60 秒；请校准时钟，或在发送前再签名。"
    FutureTimeStamp "future-time-stamp"
        "time_stamp is {} in the future; set the clock."
        "time_stamp 比当前时间晚 {}；请校准时钟。"
    LocalTimeMarkedUtc "local-time-marked-utc"
        "time_stamp is {} off, whole hours of a time zone: local time was marked Z. Use UTC."
        "time_stamp 相差 {}，正好是时区差：本地时间被标成了 Z。应使用 UTC 时间。"
    Expired "expired"
        "expires was {} ago; sign again."
        "expires 已过 {}；请重新签名。"
    BadTime "bad-time"
        "{} does not look like 2013-08-27T14:30:10Z."
        "{} 的格式应为 2013-08-27T14:30:10Z。"
    MissingPublicParameter "missing-public-parameter"
        "The public parameter {} is missing."
        "缺少公共参数 {}。"
    WrongPublicParameter "wrong-public-parameter"
        "The public parameter {} has a value that the service does not know."
        "公共参数 {} 的取值不正确。"
    MissingSignature "missing-signature"
        "There is no signature; put it at the end of the query."
        "没有 signature 参数；应放在查询串末尾。"
    ParameterTwice "parameter-twice"
        "Parameter {} is there twice; a name may occur once."
        "参数 {} 出现了两次；每个参数名只能出现一次。"
    BadEncoding "bad-encoding"
        "There is a % that is not followed by two hexadecimal digits."
        "存在后面不是两位十六进制数的 %。"
}

/// A mistake that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Which one.
    pub code: Code,
    /// What it is about: a parameter's name, characters, a path. Never a value.
    pub detail: String,
    /// Whether the signature at hand is the one that this mistake gives (else the mistake was seen in the
    /// request itself).
    pub reproduced: bool,
}

impl Mistake {
    /// A mistake that was seen; `detail` may be empty.
    pub fn new(code: Code, detail: impl Into<String>) -> Mistake {
        Mistake {
            code,
            detail: detail.into(),
            reproduced: false,
        }
    }

    /// What is wrong and what to change, in English.
    pub fn english(&self) -> Cow<'static, str> {
        self.fill(self.texts().0)
    }

    /// What is wrong and what to change, in Chinese.
    pub fn chinese(&self) -> Cow<'static, str> {
        self.fill(self.texts().1)
    }

    /// Those of the code, but for a parameter of which the signature tells more than that it is missing.
    fn texts(&self) -> (&'static str, &'static str) {
        if self.code == Code::MissingPublicParameter && self.reproduced {
            return (
                "The public parameter {} was signed but not sent; send exactly what is signed.",
                "公共参数 {} 参与了签名却没有发送；发送的内容必须与签名的完全一致。",
            );
        }
        self.code.texts()
    }

    fn fill(&self, text: &'static str) -> Cow<'static, str> {
        match text.split_once("{}") {
            Some((before, after)) => Cow::Owned(format!("{before}{}{after}", self.detail)),
            None => Cow::Borrowed(text),
        }
    }
}
