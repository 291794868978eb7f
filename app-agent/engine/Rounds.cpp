// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Rounds.h"

#include "InParallel.h"
#include "Log.h"
#include "Supplement.h"

#include <snmp/Hints.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::agent {

namespace {

using Work = Schedule::Work;

constexpr int ordinaryTries = 3;

/// "10.0.0.1, 10.0.0.2 …"
QString firstOf(const QMap<snmp::IpNumber, QString>& addresses)
{
    constexpr qsizetype told = 10;
    return addresses.values().mid(0, told).join(u", "_s) + (addresses.size() > told ? u" …"_s : QString());
}

} // namespace

QList<Place> placesOf(const QList<dnssd::Service>& services, const ScanPlan& plan)
{
    QList<Place> byIpp, bySnmp;
    for (const dnssd::Service& service : services) {
        if (service.isShared() || !plan.isSearched(service.address))
            continue;
        const QList<int> logins = plan.loginsAt(service.address);
        if (service.kind != dnssd::Service::Kind::PdlDatastream)
            byIpp.append({service.address, service.port, {}, false, true, service.resourcePath});
        else if (!logins.isEmpty())
            bySnmp.append({service.address, plan.portAt(service.address), plan.logins().at(logins.first()).key});
    }
    return byIpp + bySnmp;
}

Rounds::Rounds(Tools tools, const Settings& settings, const Logins& logins, KnownDevices& devices, Intake& intake,
    const Clock& clock)
    : m_settings(settings)
    , m_logins(logins)
    , m_devices(devices)
    , m_intake(intake)
    , m_finder(tools.engine)
    , m_reader(tools.engine, tools.catalogue, clock)
    , m_completer(tools.completer)
{
    if (m_completer)
        m_completions.emplace(*m_completer, completion::Ways{.ipp = m_settings.ipp, .pages = m_settings.pages});
}

void Rounds::stop() { m_stop.request_stop(); }

QCoro::Task<Status> Rounds::run(Work work)
{
    Status outcome;
    m_work = work;
    if (work == Work::Discovery || !std::exchange(m_isPlanned, true)) {
        m_plan = co_await ScanPlan::make(m_settings, m_logins, m_plan);
        for (const QString& sentence : m_plan.left())
            qCWarning(lcAgent).noquote() << sentence;
    }
    QList<Found> found;
    if (work == Work::Discovery) {
        const Result<QList<Found>> searched = co_await search();
        if (searched)
            found = *searched;
        else
            outcome = fail(searched.error());
    }

    m_intake.begin();
    QHash<QHostAddress, Found> places;
    for (const Place& place : knownPlaces())
        places.insert(place.address, {place, {}});
    QList<Found> fresh;
    for (const Found& one : std::as_const(found)) {
        const auto known = places.find(one.place.address);
        if (known == places.end())
            fresh.append(one);
        else if (!one.place.isIpp || known->place.isIpp) // what SNMP tells is more: IPP does not take its place
            *known = one; // with the login that worked just now
    }
    co_await pass(places.values(), &Rounds::readKnown);
    co_await pass(fresh, &Rounds::readNew);
    m_intake.end();
    co_return outcome;
}

QCoro::Task<> Rounds::pass(QList<Found> devices, QCoro::Task<> (Rounds::*read)(Found))
{
    if (m_completions)
        m_completions->begin(devices.size());
    co_await inParallel<Found>(
        devices, m_settings.devicesAtOnce, [this, read](const Found& where) { return passOne(read, where); });
}

QCoro::Task<> Rounds::passOne(QCoro::Task<> (Rounds::*read)(Found), Found where)
{
    co_await (this->*read)(where);
    if (m_completions)
        m_completions->done();
}

QCoro::Task<Result<QList<Found>>> Rounds::search()
{
    snmp::SweepPace pace;
    pace.packetsPerSecond = m_settings.packetsPerSecond;
    pace.timeout = m_settings.timeout;
    const QList<QHostAddress> awake = answering();
    const Result<Findings> findings = co_await m_finder.find(m_plan, pace, m_stop.get_token(), awake);
    if (!findings)
        co_return fail(findings.error());
    qCInfo(lcAgent) << "searched" << findings->searched << "addresses:" << findings->devices.size() << "answered,"
                    << findings->refused << "refused every login";
    Findings all = *findings;
    all.speaking.unite(QSet<QHostAddress>(awake.begin(), awake.end()));
    all.devices = co_await announced(all.devices);
    co_await lookForLife(all);
    co_return all.devices;
}

/// Besides those that speak SNMP (`found`): printers that announce themselves. Who takes raw print data, and was silent in the search, is
/// asked by SNMP once more, with patience; nothing is ever written to the port that it announced.
QCoro::Task<QList<Found>> Rounds::announced(QList<Found> found)
{
    m_announced.clear();
    if (!m_settings.dnssd || !m_completer)
        co_return found;
    QSet<QHostAddress> known;
    for (const Found& one : std::as_const(found))
        known.insert(one.place.address);
    dnssd::Browser browser;
    const QList<dnssd::Service> services = co_await browser.browse();
    const QList<Place> places = placesOf(services, m_plan);
    for (const Place& place : places) {
        if (place.isIpp)
            m_announced.insert(place.address, place);
        if (known.contains(place.address))
            continue;
        known.insert(place.address);
        found.append(Found{place, {}});
    }
    co_return found;
}

/// Says where something lives that gave us no way in; for people to look at, nothing depends on it.
QCoro::Task<> Rounds::lookForLife(Findings findings)
{
    QSet<QHostAddress> known = findings.speaking;
    for (const Found& one : std::as_const(findings.devices))
        known.insert(one.place.address);
    QMap<snmp::IpNumber, QString> mute, alive;
    for (const QHostAddress& address : findings.closed - known)
        alive.insert(snmp::IpNumber::from(address), address.toString());
    if (const auto spans = m_plan.spans(); m_settings.hints && spans) {
        const auto hints = co_await snmp::signsOfLife({*spans, known, m_settings.packetsPerSecond, m_settings.timeout, 9100, m_stop.get_token()});
        for (const snmp::Hint& hint : hints.value_or(QList<snmp::Hint>()))
            (hint.acceptsJobs ? mute : alive).insert(snmp::IpNumber::from(hint.address), hint.address.toString());
    }
    for (const snmp::IpNumber& number : mute.keys())
        alive.remove(number);
    if (!mute.isEmpty())
        qCInfo(lcAgent).noquote() << mute.size()
                                  << (mute.size() == 1 ? "address takes print jobs but does not answer SNMP:" : "addresses take print jobs but do not answer SNMP:")
                                  << firstOf(mute);
    if (!alive.isEmpty())
        qCInfo(lcAgent).noquote() << alive.size()
                                  << (alive.size() == 1 ? "address is alive but does not answer SNMP:" : "addresses are alive but do not answer SNMP:")
                                  << firstOf(alive);
}

QList<Place> Rounds::knownPlaces() const
{
    QList<Place> places;
    for (const quint32 id : m_devices.ids()) {
        const KnownDevice* device = std::as_const(m_devices).find(id);
        const QHostAddress& address = device->place.address;
        if (!address.isNull() && !m_plan.isExcluded(address) && m_devices.at(address) == device)
            places.append(device->place);
    }
    return places;
}

/// Where a printer answered SNMP the last time: it is read in this round anyway, which tells more than a search.
QList<QHostAddress> Rounds::answering() const
{
    QList<QHostAddress> addresses;
    for (const Place& place : knownPlaces())
        if (const KnownDevice* device = m_devices.at(place.address); !place.isIpp && device->misses == 0)
            addresses.append(place.address);
    return addresses;
}

/// What else may let us in at this address, in the order of the settings.
QList<Place> Rounds::otherWays(const Place& place) const
{
    QList<Place> ways;
    const QList<int> allowed = m_plan.loginsAt(place.address);
    for (const bool isV1 : {false, true})
        for (const int index : allowed) {
            const Login& login = m_logins.at(index);
            const Place other{place.address, place.port, login.key, isV1};
            if (!(other == place) && (!isV1 || login.alsoV1))
                ways.append(other);
        }
    return ways;
}

/// The same device by SNMP, with the login it had.
Place Rounds::snmpOf(Place place) const
{
    if (!place.isIpp)
        return place;
    return {place.address, m_plan.portAt(place.address), place.login, place.isV1};
}

/// The same device by IPP: where it announced that, else at the standard's port. Its login is kept for the day SNMP is on again.
Place Rounds::ippOf(Place place) const
{
    Place other = m_announced.value(place.address, {place.address, m_completer->ippPort(), {}, false, true});
    other.login = place.login;
    other.isV1 = place.isV1;
    return other;
}

/// As readAt, of a printer that has no SNMP; `onlyOf`: and only when it is this known device.
QCoro::Task<bool> Rounds::readByIpp(Place place, std::shared_ptr<Error> error, quint32 onlyOf)
{
    if (!m_completer || !m_settings.ipp) {
        *error = Error{ErrorCode::PermissionDenied, u"it speaks IPP only, which the settings do not allow"_s};
        co_return false;
    }
    const Result<model::Reading> reading = co_await m_completer->read({place.address, place.port, place.ippPath});
    if (!reading) {
        *error = reading.error();
        co_return false;
    }
    const KnownDevice* who = onlyOf ? m_devices.whoseIs(*reading, place.address) : nullptr;
    if (onlyOf && (!who || who->id != onlyOf)) {
        *error = Error{ErrorCode::NotFound, u"what answers IPP there seems to be another printer"_s};
        co_return false;
    }
    if (!m_stop.stop_requested())
        m_intake.take(place, {*reading});
    co_return true;
}

/// True when that ended it: a reading was taken, or the device cannot be read there whoever asks.
QCoro::Task<bool> Rounds::readAt(Found where, profiles::ReadOptions options, int tries, std::shared_ptr<Error> error)
{
    if (where.place.isIpp)
        co_return co_await readByIpp(where.place, error);
    const int index = m_logins.indexOf(where.place.login);
    if (index < 0) { // it left the settings
        *error = Error{ErrorCode::PermissionDenied, u"its login is no longer in the settings"_s};
        co_return false;
    }
    snmp::Target target = targetOf(where.place, m_logins.at(index), m_settings.timeout);
    target.tries = tries;
    options.known = where.known;
    options.hostName = !m_settings.mask.hostName;
    const Result<profiles::ReadOutcome> outcome = co_await m_reader.read(target, options);
    if (m_stop.stop_requested())
        co_return true;
    if (!outcome) {
        *error = outcome.error();
        co_return false;
    }
    const Taken taken = co_await completed(where.place.address, *outcome, options.full);
    if (!m_stop.stop_requested())
        m_intake.take(where.place, taken);
    co_return true;
}

/// With what other ways than SNMP give, when they are allowed: everything in a first or daily reading, else what was given before.
QCoro::Task<Taken> Rounds::completed(QHostAddress address, profiles::ReadOutcome outcome, bool isFull)
{
    Taken taken{outcome.reading, outcome.memory.toBytes(), {}};
    if (!m_completions)
        co_return taken;
    const KnownDevice* device = m_devices.whoseIs(taken.reading, address);
    const auto rhythm = isFull || !device ? completion::Rhythm::Full : completion::Rhythm::Repeat;
    const auto done = co_await m_completions->complete(
        taken.reading, device ? decodeSupplement(device->supplement) : model::Reading(), rhythm);
    taken.reading = done.reading;
    taken.supplement = encodeSupplement(done.supplement);
    co_return taken;
}

QCoro::Task<> Rounds::readKnown(Found where)
{
    if (m_stop.stop_requested())
        co_return;
    const KnownDevice* device = m_devices.at(where.place.address);
    const int misses = device ? device->misses : 0;
    profiles::ReadOptions options;
    options.full = m_work == Work::Meters || (device && m_intake.wantsFull(*device));
    if (device)
        options.memory = profiles::Memory::fromBytes(device->memory);
    const auto error = std::make_shared<Error>();
    if (where.place.isIpp && !where.place.login.isEmpty() && co_await readAt({snmpOf(where.place), {}}, options, 1, error))
        co_return; // SNMP is on again
    const bool isThere = !where.known.isEmpty();
    if (co_await readAt(where, options, isThere || misses == 0 ? ordinaryTries : 1, error))
        co_return;

    // Refused, or silent for the second time: before it is called offline, perhaps only its login has changed, or SNMP was turned off.
    const bool isRefused = error->code == ErrorCode::PermissionDenied;
    const bool isTurning = error->code == ErrorCode::Timeout && misses == Intake::missesUntilOffline - 1;
    const bool isSearch = error->code == ErrorCode::Timeout && m_work == Work::Discovery;
    if (!where.place.isIpp && (isRefused || isTurning || isSearch) && co_await readOtherwise(where, options, error))
        co_return;
    if (error->code != ErrorCode::NetworkFailed) // our own network is no state of the printer
        m_intake.miss(where.place.address);
}

/// With other logins, then by IPP. `error` says why the last login was not let in, when nothing helps.
QCoro::Task<bool> Rounds::readOtherwise(Found where, profiles::ReadOptions options, std::shared_ptr<Error> error)
{
    const QList<Place> others = otherWays(where.place);
    for (const Place& other : others)
        if (m_stop.stop_requested() || co_await readAt({other, {}}, options, 1, error))
            co_return true;
    const KnownDevice* device = m_devices.at(where.place.address);
    if (!m_completer || !m_settings.ipp || !device)
        co_return false;
    if (!co_await readByIpp(ippOf(where.place), std::make_shared<Error>(), device->id))
        co_return false;
    qCInfo(lcAgent).noquote() << where.place.address.toString() << "does not answer SNMP any more, but IPP: it is read by that";
    co_return true;
}

QCoro::Task<> Rounds::readNew(Found where)
{
    if (m_stop.stop_requested())
        co_return;
    const auto error = std::make_shared<Error>();
    bool isDone = co_await readAt(where, {}, ordinaryTries, error);
    if (!isDone && where.known.isEmpty() && !where.place.isIpp) { // announced only: no search has shown its login yet
        const QList<Place> others = otherWays(where.place);
        for (const Place& other : others)
            isDone = isDone || m_stop.stop_requested() || co_await readAt({other, {}}, {}, 1, error);
    }
    if (!isDone && error->code != ErrorCode::NotFound) // which says that it is no printer
        qCInfo(lcAgent).noquote() << where.place.address.toString() << "was found but not read:" << error->detail;
}

} // namespace platen::agent
