//! What words can be about: the vocabulary, as data.
//!
//! Phrases are apart by commas. In a phrase words stand one after the other; `a+b` means both words anywhere
//! in the text. All of it is compared by stems, so that one form of a word stands for the others.

/// What words, or the things that a task names, are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Concept {
    // From words.
    Doing,
    Figures,
    Streams,
    Growth,
    Proven,
    Breaking,
    WhichArtists,
    Comparing,
    Likeness,
    Genre,
    Trend,
    Where,
    Why,
    Change,
    Faked,
    Genuine,
    AfterRelease,
    ReleaseWord,
    WhenToRelease,
    Dating,
    GoingOut,
    Waterfall,
    Singles,
    Promoting,
    Checking,
    Uploads,
    Loudness,
    Rules,
    Law,
    AskingRules,
    Stores,
    Money,
    Owed,
    Rates,
    Contract,
    Terms,
    Expiry,
    Access,
    WhoAccessed,
    Files,
    Logs,
    Slowness,
    Failures,
    Health,
    Services,
    AllWell,
    Weekly,
    Report,
    Label,
    Roster,
    // From what the task names.
    HasArtist,
    HasArtists,
    HasStranger,
    HasRelease,
    HasUpcoming,
    HasGenre,
    HasTerritory,
    HasAudio,
    HasDocument,
    HasWeek,
    HasComparison,
    Bare,
    NoArtist,
    NoRelease,
    NoSubject,
}

use Concept as C;

/// The phrases of each concept.
pub(super) const PHRASES: &[(Concept, &str)] = &[
    (
        C::Doing,
        "how+doing, how+do, how+did, how+going, how+perform, how+performing, how+look, how+done, how is, how are, \
        getting on, perform, performing, is doing, holding up, going on",
    ),
    (
        C::Figures,
        "performance, numbers, figures, statistics, stats, metrics, analyse, analysis, results, kpi, kpis, data, \
        insights, looking like, progress, listening figures, dashboard",
    ),
    (C::Streams, "streams, streaming, plays, listeners, saves, followers, listening, audience, fans, spins"),
    (
        C::Growth,
        "growing, growth, grow, bigger, declining, decline, rising, shrinking, up or down, picking up, gaining, \
        getting bigger, getting smaller, popular",
    ),
    (
        C::Proven,
        "is it real, is this real, is that real, is it proven, proven, significant, or just noise, or is it noise, \
        just luck, real or noise",
    ),
    (
        C::Breaking,
        "breaking out, breakout, breakouts, break out, blow up, blowing up, momentum, taking off, take off, \
        rising stars, rising star, hot, hottest, emerging, up and coming, exploding, explode, viral, going viral, next big thing, breakthrough, \
        break through, breaking through, on fire, heating up, keep an eye on, ones to watch, one to watch, \
        fastest growing, growing fastest, steepest",
    ),
    (
        C::WhichArtists,
        "which artists, which of our artists, which acts, who is, who are, whos, our artists, top artists, acts, \
        anyone, who on our roster",
    ),
    (
        C::Comparing,
        "compare, comparison, comparing, vs, versus, stack up, benchmark, side by side, next to, against, \
        strengths, weaknesses, measure up, head to head, better than, bigger than, differ",
    ),
    (
        C::Likeness,
        "similar, similar artists, like ours, sounds like, sound like, peers, peer, comparable, comparables, \
        related artists, same kind, alike, resembles, artists like, acts like, bands like",
    ),
    (C::Genre, "genre, genres, style, styles, scene, market, markets"),
    (C::Trend, "trend, trends, trending, trendlines"),
    (
        C::Where,
        "where, which country, which countries, what countries, country, countries, territory, territories, regions, region, \
        worldwide, by territory, by country, globally",
    ),
    (
        C::Why,
        "why, how come, reason, reasons, cause, caused, causes, what happened, explain, explanation, driving, drives, \
        driver, drivers, behind, because of, due to, what is driving, responsible for, account for",
    ),
    (
        C::Change,
        "drop, dropped, drops, spike, spiked, lost, losing, fell, fall, falling, down, dip, dipped, jump, jumped, surge, \
        increase, decrease, peak, crash, crashed, change, changed, declined, decline, growth, grew, went up, went down, \
        plunge, slump, shot up, less, fewer",
    ),
    (
        C::Faked,
        "fake, faked, bot, bots, fraud, fraudulent, artificial, bought, buying streams, suspicious, stream farm, farm, \
        farms, manipulated, manipulation, inauthentic, fishy, botted, click farm, paid plays, bogus",
    ),
    (
        C::Genuine,
        "real streams, real+streams, real+listeners, real+plays, genuine, organic, authentic, authenticity, legit, \
        legitimate, real people, genuine listeners",
    ),
    (
        C::AfterRelease,
        "first week, week one, week 1, day one, day 1, first day, opening week, first month, debut, decay, half life, \
        first+days, holding up, front loaded, front load, earlier releases, previous releases, last release, since release, \
        after release, release performance, release report, release insights, landed, how+landed, launch week",
    ),
    (C::ReleaseWord, "release, single, album, ep, song, track, record, lp, mixtape, tune"),
    (
        C::WhenToRelease,
        "release date, best date, best day, good date, good day, which day, which date, what date, what day, when should, \
        when+release, when do we release, when to release, best time, good time, right time, release day, when+put out, when+drop album, \
        should+drop+friday, should we release, should we put out, should we drop, pick+friday, pick+date, pick+day, choose+date, date+release, find+date, best friday, which friday, date+drop",
    ),
    (C::Dating, "date, dates, schedule, scheduling, calendar, timing, slot"),
    (C::GoingOut, "come out, put out, coming out, launch, publish, put it out, go live"),
    (
        C::Waterfall,
        "waterfall, waterfalls, single by single, singles before, before the album, rollout, roll out, rolling out, staggered, \
        stagger, order+singles, which songs+singles, sequence of singles, lead single, lead singles, one song at a time, \
        singles first, track by track",
    ),
    (C::Singles, "plan+singles, split+singles, into singles, how many singles, number of singles"),
    (
        C::Promoting,
        "promotion, promote, promoting, promo, marketing, should we market, to market, campaign, pitch, pitches, pitching, \
        playlist editors, onto playlists, on playlists, playlisting, publicity, press plan, press release, advertise, advertising, \
        ads, push plan, plug, editorial pitch, get+playlists, social plan",
    ),
    (
        C::Checking,
        "qc, quality, quality control, quality check, check, process, processing, validate, verify, inspect, \
        technical check, process audio",
    ),
    (
        C::Uploads,
        "upload, uploaded, uploads, wav, flac, mp3, audio, master file, mastering, mixdown, audio file, sound file, newest file, \
        cover check",
    ),
    (
        C::Loudness,
        "loud, loudness, lufs, true peak, clip, clips, clipping, sample rate, bit depth, tempo, bpm, key of, tempo and key, \
        silence, dynamic range, stereo, mono, waveform, peaks",
    ),
    (
        C::Rules,
        "isrc, upc, iswc, metadata, mechanical, mechanicals, neighboring rights, neighbouring rights, publishing, publisher, collecting society, \
        performing rights, pro, gema, ascap, bmi, prs, sacem, soundexchange, mlc, cover art, artwork requirements, content id, \
        requirements, requirement, require, guidelines, deadline, lead time, chart rules, sync, synchronisation, \
        best practice, what is a, what is an, what are, definition of, industry standard, songwriter, composer",
    ),
    (
        C::Law,
        "copyright, copyrights, law, legal, legally, allowed, permission, license, licence, licensing, sample, sampling, cover version, \
        cover versions, remix, public domain, fair use, infringement, lawful, rights, statutory, trademark, who owns",
    ),
    (
        C::AskingRules,
        "how long before, do i need, do we need, do i have to, do we have to, can we, can i, may we, must we, must i, what does it mean, \
        what is the, how many days, am i allowed, are we allowed, is it legal, how does, how loud may, how loud should, how loud must, how loud can, how early may, \
        how early should, how early must, how early can, what an, what a, need to know, rule, rules, \
        deliver, how far in advance",
    ),
    (
        C::Stores,
        "spotify, apple music, youtube, tiktok, deezer, amazon music, tidal, store, stores, dsp, dsps, distributor",
    ),
    (
        C::Money,
        "earn, earned, earnings, royalty, royalties, money, revenue, income, paid, payment, payments, payout, payouts, payees, \
        statement, royalty statement, pay out, gets paid, get paid, pay, pay us, made us, proceeds, make money, made money, sales, cash, ledger, \
        turnover",
    ),
    (
        C::Owed,
        "recoup, recouped, unrecouped, recoupment, owe, owes, owed, balance, advance paid, payable, who gets paid, splits paid",
    ),
    (C::Rates, "rate, rates, royalty rate, mechanical rate, per cent, percentage of, minimum rate"),
    (
        C::Contract,
        "contract, contracts, agreement, agreements, deal, deals, split sheet, split sheets, licence deal, management agreement, \
        distribution agreement, paperwork, side letter, licence agreement, producer agreement",
    ),
    (
        C::Terms,
        "clause, clauses, term, terms, the term, option period, option, options, risks, key clauses, obligations, exclusivity, \
        termination, territory clause, fine print, say about, summarise, summary, sum up",
    ),
    (C::Expiry, "run out, runs out, expire, expires, end date, ends, renewal, renew, expiry, when does+end"),
    (
        C::Access,
        "access, accessed, download, downloaded, downloads, opened, open, looked at, looked into, viewed, touching, touched, leak, leaked, \
        access history, been in, access log, seen, fetched, copied",
    ),
    (
        C::WhoAccessed,
        "who+downloaded, who+accessed, who+opened, who+looked, who+viewed, who+touching, anybody+opened, anyone+opened, \
        anybody+downloaded, someone+leak, someone+downloaded, people+looked, people+downloaded, who+leaked, whos+been, \
        who has+files, anyone+accessed, somebody+opened",
    ),
    (C::Files, "files, file, masters, master, stems, assets, asset, unreleased, artwork files"),
    (
        C::Logs,
        "log, logs, log lines, performance logs, performance log, log file, logfile, log entries, logged",
    ),
    (
        C::Slowness,
        "slow, slowest, slower, timeout, timeouts, timed out, duration, durations, took longest, calls",
    ),
    (
        C::Failures,
        "error, errors, failed, failing, failures, exception, exceptions, went wrong, warnings, failed requests, failed calls",
    ),
    (
        C::Health,
        "health, healthy, status, uptime, outage, outages, latency, availability, available, online, offline, error rate, system status, \
        system health, error rate and latency",
    ),
    (
        C::Services,
        "server, servers, service, services, system, systems, platform status, infrastructure, backend, aws, api, patchline, \
        s3, dynamodb, bedrock, cloudwatch, database",
    ),
    (
        C::AllWell,
        "everything up, everything ok, everything running, everything+up, everything+running, all+running, running ok, up and running, \
        everything+work, server down, servers down, down+server, anything down, anything broken, all green, is it down",
    ),
    (
        C::Weekly,
        "weekly, weekly report, weekly label report, week, our week, the week, monday morning report, monday report, week in review, \
        weekly summary, weekly digest, weekly update, label+doing, label+going, how are we doing",
    ),
    (
        C::Report,
        "report, summary, overview, digest, recap, briefing, update, round up, wrap up, what happened, what is new, should i know, should we know",
    ),
    (C::Label, "label, label report, whole label, the company, northlight"),
    (C::Roster, "roster, whole roster, all artists, entire roster, catalogue"),
];

/// Words with which somebody orders a change, where a task begins with one.
pub(super) const CHANGES: &str = "\
    delete remove erase send email mail message rename cancel change set update edit replace upload publish pay sign \
    book buy post invite approve";

/// Words that may stand before the first that says something.
pub(super) const COURTESIES: &str =
    "please can could would will you we i want to now hi hello hey just let lets kindly";

/// Words that are no evidence of anything, and no names either.
pub(super) const EVERYDAY: &str = "\
    a about above actually after again ago album all almost already also always am an and another any anybody anyone \
    anything are around as ask asked at away back bad be because become been before began begin behind being below best \
    better between beyond big bit bought both bring but by call called came can cannot care come comes could couple day \
    days did didnt different do does doesnt doing done dont down during each early earlier either else end enough even \
    ever every everybody everyone everything far fast few figure find fine first five for forget found four friend from \
    full further gave get gets getting give given gives go goes going gone good got great had half hand hard has hasnt \
    have having he hello help her here hers hey hi high him his hold home hour hours how however huge i id if ignore im \
    important in inside instead instruction instructions into is isnt it its ive just keep kind knew know known large \
    last late later least left less let lets like likely line list little live long look looked looking looks lot lots \
    low made main make makes making man many may maybe me mean means might mine minute minutes moment month months more \
    morning most much must my name near need needed needs never new newest next nice night no nobody none nor not \
    nothing now number of off often oh ok okay old on once one ones only onto open or order other others our ours out \
    over own part past people per perhaps place plan play please pls point possible present previous print probably \
    problem pull put question quick quickly quite rather read ready really right round said same saw say says search \
    second see seem seen send sent set several shall she short should show shown side simple since single six small so \
    some somebody someone something sometimes soon sorry sort start still stop story such sure take taken talk tell ten \
    than thank thanks that the their them then there these they thing things think third this those though thought \
    three through till time times to today together told tomorrow tonight too took top total toward tried try two under \
    until up upon us use used using usual usually very via want wanted wants was wasnt way we week weeks well went were \
    what whats when where whether which while who whole whom whos whose why will wish with within without wont word \
    words work working world worse worst would write wrong year years yes yesterday yet you your yours \
    band singer rapper producer group duo trio artist artists act acts musician user users password every by delete \
    remove drop change make bake cake chocolate hundred thousand million percent number amount top bottom \
    feature featuring feat ft version edit deluxe live remaster instrumental sing songs music musical tool tools call \
    request requests page pages item items detail details overall general give us quarter half listeners task instead \
    monday tuesday wednesday thursday friday saturday sunday weekend date beginning middle";
