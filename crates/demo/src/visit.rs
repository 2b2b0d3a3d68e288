//! What a person does in one visit, step by step; nothing is written here, so that counting is cheap.
//!
//! A visit walks from page to page. The leave form, meetings and polls are funnels: at each step some give up, and on
//! the broken version many fail.

use crate::calendar::{self, Day, Season};
use crate::people::Person;
use crate::random::Random;
use crate::release::{self, Release};
use crate::schedule::{Delivery, visit_seed};
use crate::words::{COMMENTS, POLL_ANSWERS, REASONS, SEARCHES, SUBJECTS};
use crate::{Demo, Micros};

/// A page of the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    Home,
    Attendance,
    Homework,
    Notices,
    Marks,
    ExamDates,
    Leave,
    Meetings,
}

impl Page {
    /// As `pageid` and `env` say it.
    pub fn name(self) -> &'static str {
        match self {
            Page::Home => "home",
            Page::Attendance => "attendance",
            Page::Homework => "homework",
            Page::Notices => "notices",
            Page::Marks => "marks",
            Page::ExamDates => "exam-dates",
            Page::Leave => "leave",
            Page::Meetings => "meetings",
        }
    }
}

/// Pages that are gone to, in the order of the weights below.
const PAGES: [Page; 7] =
    [Page::Attendance, Page::Homework, Page::Notices, Page::Marks, Page::ExamDates, Page::Leave, Page::Meetings];
const IN_CLASSES: [u32; 7] = [34, 22, 17, 9, 6, 7, 5];
const IN_EXAMINATIONS: [u32; 7] = [22, 14, 15, 12, 29, 5, 3];
const IN_RESULTS: [u32; 7] = [17, 9, 14, 46, 5, 3, 6];

/// One event of a visit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Since the visit began, ms; never falling.
    pub after_ms: u32,
    pub page: Page,
    pub what: What,
}

/// What happened; small numbers are indices in `words.rs`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum What {
    Start {
        load_ms: u32,
    },
    /// The first visit of a person who begins: the account becomes active.
    Activated,
    Opened {
        load_ms: u32,
    },
    Clicked(Control),
    Searched {
        query: usize,
        found: u32,
    },
    Shared {
        notice: u32,
    },
    Polled {
        notice: u32,
        answer: usize,
    },
    /// One answer of a practice test.
    Assessed {
        subject: usize,
        item: u32,
        right: bool,
        seconds: u32,
    },
    Rated {
        rating: u32,
        comment: usize,
    },
    Background,
    Resumed,
    Failed(Fault),
    Slow {
        took_ms: u32,
    },
    LeaveAsked {
        days: u32,
        reason: usize,
    },
    MeetingBooked {
        slot: u32,
    },
    HomeworkDone {
        subject: usize,
    },
    End {
        pages: u32,
        clicks: u32,
    },
}

/// Something that can be touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// The tile of the home page that leads to the page.
    Tile(Page),
    Month,
    Subject(usize),
    Report,
    Calendar,
    Notice(u32),
    Task,
    LeaveDates,
    LeaveSubmit,
    Slot(u32),
    Book,
}

/// What failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Network,
    Server,
    /// The mistake of the broken version.
    LeaveForm,
    AttendanceMonth,
}

/// Who, when and with what.
#[derive(Debug, Clone)]
pub struct Visit {
    pub person: Person,
    pub release: &'static Release,
    pub begun_at: Micros,
    /// The day since 1970-01-01.
    pub day: i64,
    /// The seed of what happens.
    pub seed: u64,
    first: bool,
    season: Season,
    morning: bool,
}

impl Visit {
    pub fn of(demo: &Demo, delivery: &Delivery) -> Visit {
        let person = Person::of(demo, delivery.person);
        let index = delivery.day - demo.first_day;
        let Day { season, .. } = calendar::day(demo.settings.seed, delivery.day);
        let habit = demo.habits[delivery.person as usize];
        Visit {
            release: release::on(demo, person.device, index),
            person,
            begun_at: delivery.begun_at,
            day: delivery.day,
            seed: visit_seed(demo, delivery),
            first: habit.begins && delivery.number == 0 && i64::from(habit.first_day) == index,
            season,
            morning: delivery.begun_at - calendar::begin_of(delivery.day) < calendar::DAY / 2,
        }
    }

    /// Puts the steps into `steps`, in place of what was there; at least two.
    pub fn steps(&self, steps: &mut Vec<Step>) {
        steps.clear();
        let random = Random::new(self.seed);
        let mut walk = Walk { random, steps, at_ms: 0, page: Page::Home, pages: 0, clicks: 0, release: self.release };
        walk.visit(self);
    }
}

struct Walk<'s> {
    random: Random,
    steps: &'s mut Vec<Step>,
    at_ms: u32,
    page: Page,
    pages: u32,
    clicks: u32,
    release: &'static Release,
}

/// Whether the visit goes on.
type GoesOn = bool;

impl Walk<'_> {
    fn tell(&mut self, what: What) {
        self.steps.push(Step { after_ms: self.at_ms, page: self.page, what });
    }

    fn pause(&mut self, from_ms: u32, to_ms: u32) {
        self.at_ms += self.random.between(from_ms, to_ms);
    }

    fn click(&mut self, control: Control) {
        self.clicks += 1;
        self.tell(What::Clicked(control));
    }

    fn open(&mut self, page: Page) {
        self.page = page;
        self.pages += 1;
        let load_ms = self.random.between(180, 2_400);
        self.at_ms += load_ms;
        self.tell(What::Opened { load_ms });
    }

    fn visit(&mut self, visit: &Visit) {
        let load_ms = self.random.between(600, 5_200);
        self.tell(What::Start { load_ms });
        if visit.first {
            self.pause(3_000, 40_000);
            self.tell(What::Activated);
        }
        self.pause(200, 900);
        self.open(Page::Home);
        if self.random.chance(0.028) {
            let took_ms = self.random.between(4_000, 21_000);
            self.tell(What::Slow { took_ms });
        }
        let weights = weights(visit);
        let more = if self.release.broken { 0.60 } else { 0.70 };
        // One in eleven sees all they wanted on the home page.
        let mut goes_on = self.random.chance(0.91);
        while goes_on {
            self.pause(1_500, 16_000);
            let page = PAGES[self.random.weighted(&weights)];
            if self.page == Page::Home || self.random.chance(0.35) {
                self.page = Page::Home;
                self.click(Control::Tile(page));
            }
            self.open(page);
            goes_on = self.on_page(page) && self.pages < 12 && self.random.chance(more);
            if goes_on && self.random.chance(0.045) {
                self.tell(What::Background);
                self.pause(20_000, 400_000);
                self.tell(What::Resumed);
            }
        }
        self.leave();
    }

    /// What is done on a page.
    fn on_page(&mut self, page: Page) -> GoesOn {
        self.pause(1_200, 24_000);
        if self.random.chance(0.006) {
            let fault = if self.random.chance(0.7) { Fault::Network } else { Fault::Server };
            self.tell(What::Failed(fault));
            self.pause(800, 6_000);
        }
        match page {
            Page::Home => true,
            Page::Attendance => self.attendance(),
            Page::Homework => self.homework(),
            Page::Notices => self.notices(),
            Page::Marks => self.marks(),
            Page::ExamDates => self.exam_dates(),
            Page::Leave => self.leave_form(),
            Page::Meetings => self.meetings(),
        }
    }

    fn attendance(&mut self) -> GoesOn {
        if self.release.broken && self.random.chance(0.17) {
            self.tell(What::Failed(Fault::AttendanceMonth));
            return self.random.chance(0.4);
        }
        if self.random.chance(0.30) {
            self.click(Control::Month);
            self.pause(2_000, 15_000);
        }
        true
    }

    fn homework(&mut self) -> GoesOn {
        if self.random.chance(0.06) {
            self.search();
        }
        if !self.random.chance(0.52) {
            return true;
        }
        self.click(Control::Task);
        self.pause(4_000, 60_000);
        let subject = self.random.below(SUBJECTS.len() as u32) as usize;
        if self.random.chance(0.09) {
            for item in 1..=self.random.between(3, 5) {
                let seconds = self.random.between(4, 40);
                self.at_ms += seconds * 1_000;
                let right = self.random.chance(0.71);
                self.tell(What::Assessed { subject, item, right, seconds });
            }
        }
        if self.random.chance(0.36) {
            self.tell(What::HomeworkDone { subject });
        }
        true
    }

    fn notices(&mut self) -> GoesOn {
        if self.random.chance(0.17) {
            self.search();
        }
        if !self.random.chance(0.58) {
            return true;
        }
        // The newest are read most.
        let notice = (40.0 * self.random.unit().powi(3)) as u32;
        self.click(Control::Notice(notice));
        self.pause(3_000, 45_000);
        if self.random.chance(0.13) {
            let answer = self.random.weighted(&[61, 22, 17]).min(POLL_ANSWERS.len() - 1);
            self.tell(What::Polled { notice, answer });
            self.pause(500, 3_000);
        }
        if self.random.chance(0.08) {
            self.tell(What::Shared { notice });
            self.pause(2_000, 20_000);
        }
        true
    }

    fn search(&mut self) {
        let query = (SEARCHES.len() as f64 * self.random.unit().powi(2)) as usize;
        let found = if self.random.chance(0.13) { 0 } else { self.random.between(1, 12) };
        self.tell(What::Searched { query, found });
        self.pause(1_500, 9_000);
    }

    fn marks(&mut self) -> GoesOn {
        if self.random.chance(0.55) {
            let subject = self.random.below(SUBJECTS.len() as u32) as usize;
            self.click(Control::Subject(subject));
            self.pause(3_000, 30_000);
        }
        if self.random.chance(0.14) {
            self.click(Control::Report);
            self.pause(1_000, 8_000);
        }
        true
    }

    fn exam_dates(&mut self) -> GoesOn {
        if self.random.chance(0.22) {
            self.click(Control::Calendar);
            self.pause(1_000, 5_000);
        }
        true
    }

    /// Open, choose dates, submit, be accepted.
    fn leave_form(&mut self) -> GoesOn {
        if !self.random.chance(0.64) {
            return true;
        }
        self.click(Control::LeaveDates);
        self.pause(6_000, 70_000);
        if !self.random.chance(0.73) {
            return true;
        }
        self.click(Control::LeaveSubmit);
        self.pause(300, 2_500);
        let fails = if self.release.broken { 0.56 } else { 0.02 };
        if self.random.chance(fails) {
            let fault = if self.release.broken { Fault::LeaveForm } else { Fault::Network };
            self.tell(What::Failed(fault));
            return self.random.chance(0.3);
        }
        let reason = self.random.weighted(&[41, 27, 17, 5, 10]).min(REASONS.len() - 1);
        let days = self.random.weighted(&[0, 62, 21, 11, 3, 3]) as u32;
        self.tell(What::LeaveAsked { days, reason });
        true
    }

    fn meetings(&mut self) -> GoesOn {
        if !self.random.chance(0.47) {
            return true;
        }
        let slot = self.random.below(8);
        self.click(Control::Slot(slot));
        self.pause(2_000, 20_000);
        if self.random.chance(0.58) {
            self.click(Control::Book);
            self.pause(300, 1_500);
            self.tell(What::MeetingBooked { slot });
        }
        true
    }

    /// Most apps are left by their button; some are swiped away and say only that they went to the background.
    fn leave(&mut self) {
        self.pause(800, 9_000);
        if self.random.chance(0.012) {
            let rating = self.random.weighted(&[0, 5, 5, 12, 36, 42]) as u32;
            let comment = self.random.below(COMMENTS.len() as u32) as usize;
            self.tell(What::Rated { rating, comment });
            self.pause(300, 2_000);
        }
        if self.random.chance(0.83) {
            let (pages, clicks) = (self.pages, self.clicks);
            self.tell(What::End { pages, clicks });
        } else {
            self.tell(What::Background);
        }
    }
}

fn weights(visit: &Visit) -> [u32; 7] {
    let mut weights = match visit.season {
        Season::Classes => IN_CLASSES,
        Season::Examinations => IN_EXAMINATIONS,
        Season::Results => IN_RESULTS,
    };
    // Was the child at school, must it stay at home: the morning. What is to be learnt: the evening.
    let [attendance, homework, _, _, _, leave, _] = &mut weights;
    if visit.morning {
        *attendance += 8;
        *leave += 4;
    } else {
        *homework += 9;
    }
    weights
}
