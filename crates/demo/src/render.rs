//! A visit as JSON text: Sunbird telemetry v3, as the SDK in the app makes it.
//!
//! Written straight into the buffer: a value tree per event would cost more than the rest of the demo. No text here
//! needs escaping, except the JSON text inside EXDATA, which is written escaped.

use crate::calendar;
use crate::people::{Language, Person};
use crate::random::{hash, mix};
use crate::visit::{Control, Fault, Step, Visit, What};
use crate::words::{
    Both, COMMENTS, DISTRICTS, FIRST_NAMES, LAST_NAMES, PHONES, POLL_ANSWERS, REASONS, SEARCHES, SUBJECTS, word,
};

const MESSAGE: u64 = 11;
const SESSION: u64 = 12;

/// Appends the events of a visit to `out`, separated by commas. `unique` names the visit within its demo.
pub fn events(visit: &Visit, unique: u64, seed: u64, steps: &[Step], out: &mut Vec<u8>) {
    let mut writer = Writer { out };
    let person = &visit.person;
    for (number, step) in (0_u64..).zip(steps) {
        if number > 0 {
            writer.text(",");
        }
        let eid = eid(step.what);
        writer.text("{\"eid\":\"").text(eid).text("\",\"ets\":");
        writer.number(visit.begun_at.unsigned_abs() / 1_000 + u64::from(step.after_ms));
        // A bijection of (visit, step): two events of a demo never share an id.
        let message = mix((unique << 8 | number & 0xff) ^ mix(seed ^ MESSAGE));
        writer.text(",\"ver\":\"3.0\",\"mid\":\"").text(eid).text(":");
        writer.hex(message).hex(mix(message ^ seed));
        writer.text("\",\"actor\":{\"id\":\"p-").hex_u32(person.id).text("\",\"type\":\"User\"},\"context\":");
        writer.context(visit, step);
        writer.object(visit, step);
        writer.text(",\"tags\":[],\"edata\":").edata(visit, step).text("}");
    }
}

/// The SDK's envelope around events, before and after them.
pub fn envelope_begin(message: u64, sent_at_ms: u64, out: &mut Vec<u8>) {
    let mut writer = Writer { out };
    writer.text("{\"id\":\"api.sunbird.telemetry\",\"ver\":\"3.0\",\"params\":{\"msgid\":\"");
    writer.hex(mix(message)).hex(mix(mix(message)));
    writer.text("\"},\"ets\":").number(sent_at_ms).text(",\"events\":[");
}

/// See [`envelope_begin`].
pub fn envelope_end(out: &mut Vec<u8>) {
    out.extend_from_slice(b"]}");
}

fn eid(what: What) -> &'static str {
    match what {
        What::Start { .. } => "START",
        What::Activated => "AUDIT",
        What::Opened { .. } => "IMPRESSION",
        What::Clicked(_) => "INTERACT",
        What::Searched { .. } => "SEARCH",
        What::Shared { .. } => "SHARE",
        What::Polled { .. } => "RESPONSE",
        What::Assessed { .. } => "ASSESS",
        What::Rated { .. } => "FEEDBACK",
        What::Background | What::Resumed => "INTERRUPT",
        What::Failed(_) => "ERROR",
        What::Slow { .. } => "LOG",
        What::LeaveAsked { .. } | What::MeetingBooked { .. } | What::HomeworkDone { .. } => "EXDATA",
        What::End { .. } => "END",
    }
}

struct Writer<'o> {
    out: &'o mut Vec<u8>,
}

impl Writer<'_> {
    fn text(&mut self, text: &str) -> &mut Self {
        self.out.extend_from_slice(text.as_bytes());
        self
    }

    fn number(&mut self, mut number: u64) -> &mut Self {
        let mut digits = [0_u8; 20];
        let mut start = digits.len();
        loop {
            start -= 1;
            digits[start] = b'0' + (number % 10) as u8;
            number /= 10;
            if number == 0 {
                break;
            }
        }
        self.out.extend_from_slice(&digits[start..]);
        self
    }

    /// At least `width` digits.
    fn padded(&mut self, number: u32, width: u32) -> &mut Self {
        let mut floor = 10_u32.pow(width - 1);
        while floor > number && floor > 1 {
            self.out.push(b'0');
            floor /= 10;
        }
        self.number(u64::from(number))
    }

    /// Milliseconds as seconds with two decimals.
    fn seconds(&mut self, ms: u32) -> &mut Self {
        self.number(u64::from(ms / 1_000)).text(".").padded(ms % 1_000 / 10, 2)
    }

    fn hex(&mut self, number: u64) -> &mut Self {
        self.hex_u32((number >> 32) as u32).hex_u32(number as u32)
    }

    fn hex_u32(&mut self, number: u32) -> &mut Self {
        const DIGITS: [u8; 16] = *b"0123456789abcdef";
        for shift in (0..8).rev() {
            self.out.push(DIGITS[(number >> (4 * shift) & 15) as usize]);
        }
        self
    }

    fn session(&mut self, visit: &Visit) -> &mut Self {
        let (one, two) = (hash(visit.seed, SESSION, 0, 0), hash(visit.seed, SESSION, 1, 0));
        self.hex_u32((one >> 32) as u32).text("-");
        let middle = [(one >> 16) & 0xffff, one & 0x0fff | 0x4000, (two >> 48) & 0x3fff | 0x8000];
        for part in middle {
            self.hex_u16(part as u16).text("-");
        }
        self.hex_u16((two >> 32) as u16).hex_u32(two as u32)
    }

    fn hex_u16(&mut self, number: u16) -> &mut Self {
        const DIGITS: [u8; 16] = *b"0123456789abcdef";
        for shift in (0..4).rev() {
            self.out.push(DIGITS[(number >> (4 * shift) & 15) as usize]);
        }
        self
    }

    fn school(&mut self, person: &Person) -> &mut Self {
        self.text("school-02").padded(person.district as u32 + 1, 2).padded(person.block, 2).padded(person.school, 2)
    }

    fn student(&mut self, person: &Person) -> &mut Self {
        self.text("stu-").padded(person.student, 6)
    }

    fn context(&mut self, visit: &Visit, step: &Step) -> &mut Self {
        let person = &visit.person;
        self.text("{\"channel\":\"hp-education\",\"pdata\":{\"id\":\"prod.esamwad.app\",\"ver\":\"");
        self.text(visit.release.version).text("\",\"pid\":\"esamwad.parent\"},\"env\":\"").text(step.page.name());
        self.text("\",\"sid\":\"").session(visit).text("\",\"did\":\"");
        self.hex(person.device_id.0)
            .hex(person.device_id.1)
            .text("\",\"cdata\":[{\"type\":\"UserRole\",\"id\":\"parent\"}");
        self.text("],\"lang\":\"").text(match person.language {
            Language::Hindi => "hi",
            Language::English => "en",
        });
        let district = DISTRICTS[person.district].slug;
        self.text("\",\"rollup\":{\"l1\":\"hp\",\"l2\":\"").text(district).text("\",\"l3\":\"").text(district);
        self.text("-block-").padded(person.block, 2).text("\",\"l4\":\"").school(person).text("\"}}")
    }

    /// The child on pages about the child; else nothing, as most clients send it.
    fn object(&mut self, visit: &Visit, step: &Step) -> &mut Self {
        let person = &visit.person;
        match step.what {
            What::Activated => {
                self.text(",\"object\":{\"id\":\"p-").hex_u32(person.id).text("\",\"type\":\"User\",\"ver\":\"1\"}")
            }
            What::LeaveAsked { .. } | What::MeetingBooked { .. } => {
                let (first, last) = (FIRST_NAMES[person.name.0], LAST_NAMES[person.name.1]);
                self.text(",\"object\":{\"id\":\"")
                    .student(person)
                    .text("\",\"type\":\"Student\",\"ver\":\"1\",\"name\":\"");
                self.text(word(first, person.language)).text(" ").text(word(last, person.language));
                self.text("\",\"rollup\":{\"l1\":\"").school(person).text("\",\"l2\":\"class-").padded(person.class, 2);
                self.text("\",\"l3\":\"section-");
                self.out.push(person.section);
                self.text("\"}}")
            }
            _ => self.text(",\"object\":{}"),
        }
    }

    fn edata(&mut self, visit: &Visit, step: &Step) -> &mut Self {
        let person = &visit.person;
        let page = step.page.name();
        match step.what {
            What::Start { load_ms } => self.start(person, load_ms),
            What::Activated => {
                self.text("{\"props\":[\"language\",\"children\"],\"state\":\"Active\",\"prevstate\":\"Invited\"}")
            }
            What::Opened { load_ms } => {
                let kind = if page == "home" || page == "notices" { "list" } else { "view" };
                self.text("{\"type\":\"").text(kind).text("\",\"subtype\":\"").text(if page == "home" {
                    "init"
                } else {
                    "push"
                });
                self.text("\",\"pageid\":\"").text(page).text("\",\"uri\":\"/").text(page);
                self.text("\",\"duration\":").seconds(load_ms).text("}")
            }
            What::Clicked(control) => self.click(control, page),
            What::Searched { query, found } => self.search(SEARCHES[query], found, page, person),
            What::Shared { notice } => {
                self.text("{\"dir\":\"Out\",\"type\":\"Link\",\"items\":[{\"id\":\"").notice(visit, notice);
                self.text("\",\"type\":\"Notice\",\"ver\":\"1\",\"to\":{\"id\":\"whatsapp\",\"type\":\"App\"}}]}")
            }
            What::Polled { notice, answer } => {
                self.text("{\"type\":\"CHOOSE\",\"target\":{\"id\":\"poll-").notice(visit, notice);
                self.text("\",\"ver\":\"1\",\"type\":\"Poll\"},\"values\":[{\"answer\":\"");
                self.text(POLL_ANSWERS[answer]).text("\"}]}")
            }
            What::Assessed { subject, item, right, seconds } => {
                self.text("{\"item\":{\"id\":\"practice-").text(SUBJECTS[subject]).text("-").padded(person.class, 2);
                self.text("-q").number(u64::from(item)).text("\",\"maxscore\":1,\"title\":\"").text(SUBJECTS[subject]);
                let (pass, score, answer) = if right { ("Yes", 1, "right") } else { ("No", 0, "wrong") };
                self.text("\"},\"index\":").number(u64::from(item)).text(",\"pass\":\"").text(pass);
                self.text("\",\"score\":").number(score).text(",\"resvalues\":[{\"answer\":\"").text(answer);
                self.text("\"}],\"duration\":").number(u64::from(seconds)).text("}")
            }
            What::Rated { rating, comment } => {
                self.text("{\"rating\":").number(u64::from(rating)).text(",\"comments\":\"");
                self.text(word(COMMENTS[comment], person.language)).text("\"}")
            }
            What::Background => self.text("{\"type\":\"background\",\"pageid\":\"").text(page).text("\"}"),
            What::Resumed => self.text("{\"type\":\"resume\",\"pageid\":\"").text(page).text("\"}"),
            What::Failed(fault) => self.fault(fault, page),
            What::Slow { took_ms } => {
                self.text("{\"type\":\"api_call\",\"level\":\"WARN\",\"message\":\"slow answer\",\"pageid\":\"")
                    .text(page);
                self.text("\",\"params\":[{\"took_ms\":").number(u64::from(took_ms)).text("}]}")
            }
            What::LeaveAsked { days, reason } => {
                self.text("{\"type\":\"leave_requested\",\"data\":\"{\\\"days\\\":").number(u64::from(days));
                self.text(",\\\"reason\\\":\\\"").text(REASONS[reason]).text("\\\"}\"}")
            }
            What::MeetingBooked { slot } => {
                self.text("{\"type\":\"meeting_booked\",\"data\":\"{\\\"slot\\\":\\\"").slot(slot);
                self.text("\\\",\\\"class\\\":").number(u64::from(person.class)).text("}\"}")
            }
            What::HomeworkDone { subject } => {
                self.text("{\"type\":\"homework_done\",\"data\":\"{\\\"subject\\\":\\\"").text(SUBJECTS[subject]);
                self.text("\\\",\\\"class\\\":").number(u64::from(person.class)).text("}\"}")
            }
            What::End { pages, clicks } => {
                self.text("{\"type\":\"app\",\"mode\":\"play\",\"pageid\":\"").text(page).text("\",\"duration\":");
                self.seconds(step.after_ms).text(",\"summary\":[{\"pagesVisited\":").number(u64::from(pages));
                self.text("},{\"interactions\":").number(u64::from(clicks)).text("}]}")
            }
        }
    }

    fn start(&mut self, person: &Person, load_ms: u32) -> &mut Self {
        let phone = &PHONES[person.phone];
        self.text("{\"type\":\"app\",\"mode\":\"play\",\"pageid\":\"home\",\"duration\":").seconds(load_ms);
        self.text(",\"loc\":\"").text(DISTRICTS[person.district].slug).text("\",\"dspec\":{\"os\":\"Android ");
        self.text(phone.android)
            .text("\",\"make\":\"")
            .text(phone.make)
            .text("\",\"mem\":")
            .number(u64::from(phone.memory));
        self.text("},\"uaspec\":{\"agent\":\"Chrome\",\"ver\":\"").text(phone.chrome);
        self.text("\",\"system\":\"Android\",\"platform\":\"Linux armv8l\"}}")
    }

    fn click(&mut self, control: Control, page: &str) -> &mut Self {
        let kind = match control {
            Control::LeaveDates => "CHOOSE",
            Control::LeaveSubmit | Control::Book => "CLICK",
            _ => "TOUCH",
        };
        self.text("{\"type\":\"").text(kind).text("\",\"id\":\"");
        match control {
            Control::Tile(page) => self.text("tile-").text(page.name()),
            Control::Month => self.text("month-before"),
            Control::Subject(subject) => self.text("subject-").text(SUBJECTS[subject]),
            Control::Report => self.text("download-report"),
            Control::Calendar => self.text("add-to-calendar"),
            Control::Notice(_) => self.text("open-notice"),
            Control::Task => self.text("open-task"),
            Control::LeaveDates => self.text("leave-dates"),
            Control::LeaveSubmit => self.text("leave-submit"),
            Control::Slot(_) => self.text("meeting-slot"),
            Control::Book => self.text("meeting-book"),
        };
        self.text("\",\"pageid\":\"").text(page).text("\"");
        match control {
            Control::Notice(notice) => {
                self.text(",\"extra\":{\"values\":[{\"place\":").number(u64::from(notice)).text("}]}")
            }
            Control::Slot(slot) => self.text(",\"extra\":{\"values\":[{\"slot\":\"").slot(slot).text("\"}]}"),
            _ => self,
        };
        self.text("}")
    }

    fn slot(&mut self, slot: u32) -> &mut Self {
        self.padded(9 + slot / 2, 2).text(if slot.is_multiple_of(2) { ":00" } else { ":30" })
    }

    /// A notice by its place in the list: about two new ones come each day.
    fn notice(&mut self, visit: &Visit, place: u32) -> &mut Self {
        let (year, ..) = calendar::date_of(visit.day);
        let newest = (visit.day.unsigned_abs() * 2) % 1_000;
        self.text("notice-").number(year.unsigned_abs()).text("-").number((newest + 1_000 - u64::from(place)) % 1_000)
    }

    fn search(&mut self, query: Both, found: u32, page: &str, person: &Person) -> &mut Self {
        self.text("{\"type\":\"").text(page).text("\",\"query\":\"").text(word(query, person.language));
        self.text("\",\"size\":").number(u64::from(found)).text(",\"topn\":[");
        if found > 0 {
            self.text("{\"position\":1}");
        }
        self.text("]}")
    }

    fn fault(&mut self, fault: Fault, page: &str) -> &mut Self {
        let (code, kind, trace) = match fault {
            Fault::Network => ("ERR_NETWORK", "MOBILEAPP", "TypeError: Failed to fetch"),
            Fault::Server => ("ERR_SERVER_503", "SYSTEM", "HttpError: 503 at /api/student"),
            Fault::LeaveForm => (
                "ERR_LEAVE_FORM",
                "MOBILEAPP",
                "TypeError: Cannot read properties of undefined (reading 'fromDate') at LeaveForm.submit",
            ),
            Fault::AttendanceMonth => {
                ("ERR_ATTENDANCE_MONTH", "MOBILEAPP", "RangeError: Invalid time value at AttendanceMonth.render")
            }
        };
        self.text("{\"err\":\"")
            .text(code)
            .text("\",\"errtype\":\"")
            .text(kind)
            .text("\",\"stacktrace\":\"")
            .text(trace);
        self.text("\",\"pageid\":\"").text(page).text("\"}")
    }
}
