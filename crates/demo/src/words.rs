//! The words of the app: places, phones, names, searches, notices, polls. Tables only.

use crate::people::Language;

/// A district of Himachal Pradesh.
pub struct District {
    pub slug: &'static str,
    /// Share of persons.
    pub weight: u32,
    /// Part of persons whose phone speaks Hindi.
    pub hindi: f64,
    /// Valleys with little network.
    pub remote: bool,
}

const fn district(slug: &'static str, weight: u32, hindi: f64, remote: bool) -> District {
    District { slug, weight, hindi, remote }
}

/// All twelve, largest first; weights after the census.
pub const DISTRICTS: [District; 12] = [
    district("kangra", 220, 0.66, false),
    district("mandi", 146, 0.68, false),
    district("shimla", 119, 0.49, false),
    district("solan", 85, 0.54, false),
    district("sirmaur", 77, 0.72, false),
    district("una", 76, 0.63, false),
    district("chamba", 76, 0.79, true),
    district("hamirpur", 66, 0.58, false),
    district("kullu", 64, 0.69, false),
    district("bilaspur", 56, 0.64, false),
    district("kinnaur", 12, 0.74, true),
    district("lahaul-spiti", 5, 0.71, true),
];

/// Blocks of a district.
pub const BLOCKS_MAX: u32 = 5;

/// A phone, as START tells it.
pub struct Phone {
    pub make: &'static str,
    pub android: &'static str,
    pub chrome: &'static str,
    /// MB.
    pub memory: u32,
    pub weight: u32,
}

const fn phone(make: &'static str, android: &'static str, chrome: &'static str, memory: u32, weight: u32) -> Phone {
    Phone { make, android, chrome, memory, weight }
}

/// Cheap ones first: that is what most parents have.
pub const PHONES: [Phone; 8] = [
    phone("Redmi A3", "14", "138.0", 3_072, 22),
    phone("Samsung Galaxy M14", "13", "137.0", 4_096, 20),
    phone("Realme C53", "13", "136.0", 4_096, 16),
    phone("Vivo Y18", "14", "138.0", 4_096, 14),
    phone("Redmi 9A", "10", "119.0", 2_048, 11),
    phone("Moto G34", "14", "139.0", 8_192, 8),
    phone("Jio Bharat B2", "11", "109.0", 1_024, 6),
    phone("OnePlus Nord CE4", "15", "140.0", 8_192, 3),
];

/// A word in English and in Hindi.
pub type Both = (&'static str, &'static str);

/// The form in a language.
pub fn word(both: Both, language: Language) -> &'static str {
    match language {
        Language::English => both.0,
        Language::Hindi => both.1,
    }
}

/// First names of children.
pub const FIRST_NAMES: [Both; 28] = [
    ("Aarav", "आरव"),
    ("Ananya", "अनन्या"),
    ("Arjun", "अर्जुन"),
    ("Diya", "दीया"),
    ("Ishaan", "ईशान"),
    ("Kavya", "काव्या"),
    ("Vihaan", "विहान"),
    ("Saanvi", "सानवी"),
    ("Rohan", "रोहन"),
    ("Priya", "प्रिया"),
    ("Aditya", "आदित्य"),
    ("Neha", "नेहा"),
    ("Karan", "करण"),
    ("Pooja", "पूजा"),
    ("Rahul", "राहुल"),
    ("Simran", "सिमरन"),
    ("Manish", "मनीष"),
    ("Ritika", "रितिका"),
    ("Abhishek", "अभिषेक"),
    ("Shivani", "शिवानी"),
    ("Nikhil", "निखिल"),
    ("Tanvi", "तन्वी"),
    ("Vikram", "विक्रम"),
    ("Meera", "मीरा"),
    ("Tenzin", "तेनज़िन"),
    ("Sonam", "सोनम"),
    ("Imran", "इमरान"),
    ("Zoya", "ज़ोया"),
];

/// Family names.
pub const LAST_NAMES: [Both; 18] = [
    ("Sharma", "शर्मा"),
    ("Thakur", "ठाकुर"),
    ("Verma", "वर्मा"),
    ("Chauhan", "चौहान"),
    ("Negi", "नेगी"),
    ("Rana", "राणा"),
    ("Kumar", "कुमार"),
    ("Singh", "सिंह"),
    ("Devi", "देवी"),
    ("Katoch", "कटोच"),
    ("Pathania", "पठानिया"),
    ("Guleria", "गुलेरिया"),
    ("Bhardwaj", "भारद्वाज"),
    ("Kaundal", "कौंडल"),
    ("Dogra", "डोगरा"),
    ("Khan", "ख़ान"),
    ("Bodh", "बोध"),
    ("Kashyap", "कश्यप"),
];

/// What is searched for among notices and homework, most frequent first.
pub const SEARCHES: [Both; 14] = [
    ("date sheet", "डेट शीट"),
    ("holiday", "छुट्टी"),
    ("result", "परिणाम"),
    ("uniform", "वर्दी"),
    ("scholarship", "छात्रवृत्ति"),
    ("bus timing", "बस का समय"),
    ("parent meeting", "अभिभावक बैठक"),
    ("maths", "गणित"),
    ("admission", "प्रवेश"),
    ("mid day meal", "मिड डे मील"),
    ("winter vacation", "शीतकालीन अवकाश"),
    ("books", "किताबें"),
    ("sports day", "खेल दिवस"),
    ("snow", "बर्फबारी"),
];

/// What people write into the feedback form; often nothing.
pub const COMMENTS: [Both; 8] = [
    ("", ""),
    ("", ""),
    ("Attendance shows quickly", "हाज़िरी जल्दी दिखी"),
    ("Very useful app", "बहुत उपयोगी ऐप"),
    ("Please add fee receipts", "कृपया फीस की रसीद जोड़ें"),
    ("Marks came late", "अंक देर से आए"),
    ("App is slow in our village", "हमारे गाँव में ऐप धीमा है"),
    ("Good for working parents", "कामकाजी माता-पिता के लिए अच्छा"),
];

/// Subjects.
pub const SUBJECTS: [&str; 6] = ["hindi", "maths", "english", "evs", "science", "social-science"];

/// Answers of the polls under notices.
pub const POLL_ANSWERS: [&str; 3] = ["yes", "no", "not-sure"];

/// Why a leave is asked for.
pub const REASONS: [&str; 5] = ["fever", "family-function", "travel", "snowfall", "other"];
