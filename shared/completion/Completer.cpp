// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Completer.h"

#include "Completion.h"
#include "Log.h"

#include <base/Answer.h>
#include <ipp/Interpret.h>
#include <pages/Extract.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::completion {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

void dropRejected(const profiles::Catalogue& catalogue, const profiles::Profile& profile, model::Identity& identity)
{
    for (const auto& [field, text] :
        {std::pair{u"model"_s, &identity.model}, std::pair{u"serialNumber"_s, &identity.serialNumber}}) {
        if (catalogue.isRejected(profile, field, *text))
            text->clear();
    }
}

void merge(model::Reading& into, const model::Reading& more)
{
    if (into.sources.isEmpty())
        into = more;
    else
        complete(into, more);
}

/// What stays of an earlier supplement: where values came from and what lasts. Its counts have served, or something newer has.
model::Reading spent(model::Reading earlier)
{
    earlier.meters.clear();
    for (model::Supply& supply : earlier.supplies)
        supply.level = {};
    return earlier;
}

} // namespace

/// One device's completion on its way.
struct Completer::Round {
    model::Reading reading;
    model::Reading earlier;
    Rhythm rhythm;
    model::Reading fresh; ///< what was given this time
    bool isCut = false; ///< a way did not answer

    /// Has an earlier round had this from there, and is it lacking again?
    bool gaveChanging(const QString& protocol, const QString& object) const
    {
        for (auto it = earlier.sources.begin(); it != earlier.sources.end(); ++it) {
            if (it->protocol != protocol || (!object.isEmpty() && it->object != object))
                continue;
            const QString path = withoutIndex(it.key());
            if (isChanging(path) && isGone(reading, path))
                return true;
        }
        return false;
    }

    bool wantsIpp() const { return rhythm == Rhythm::Full ? lacksForIpp(reading) : gaveChanging(u"ipp"_s, {}); }

    bool wants(const pages::Page& page) const
    {
        if (rhythm == Rhythm::Repeat)
            return gaveChanging(u"http"_s, page.url);
        const auto helps = [&](const QString& path) { return page.gives(path) && lacks(reading, path); };
        return std::ranges::any_of(page.values, helps, &pages::Field::path) || helps(u"supplies"_s)
            || helps(u"supplies.level"_s) || helps(u"supplies.serialNumber"_s);
    }

    void add(const model::Reading& given)
    {
        completion::complete(reading, given);
        merge(fresh, given);
    }

    void cut(QLatin1StringView way, const Error& error)
    {
        isCut = isCut || error.code != ErrorCode::NotFound;
        qCDebug(log) << "device" << reading.address << "gave nothing by" << way << error;
    }

    Completed end()
    {
        completeLasting(reading, earlier);
        if (rhythm == Rhythm::Repeat && isCut) {
            model::Reading counts = earlier;
            counts.status = {}; // an old state says nothing
            counts.alerts.clear();
            completion::complete(reading, counts);
        }
        if (rhythm == Rhythm::Repeat || isCut)
            merge(fresh, spent(earlier));
        return {reading, fresh};
    }
};

Completer::Completer(std::shared_ptr<const profiles::Catalogue> catalogue, pages::PageBook pages, const Clock& clock)
    : Completer(std::move(catalogue), std::move(pages), Ports(), clock)
{
}

Completer::Completer(
    std::shared_ptr<const profiles::Catalogue> catalogue, pages::PageBook pages, Ports ports, const Clock& clock)
    : m_catalogue(std::move(catalogue))
    , m_pages(std::move(pages))
    , m_ports(ports)
    , m_clock(clock)
    , m_ipp(m_web)
    , m_patientIpp(m_patientWeb)
{
}

QCoro::Task<Completed> Completer::complete(model::Reading reading, model::Reading earlier, Rhythm rhythm, Ways ways)
{
    const auto round = std::make_shared<Round>(std::move(reading), std::move(earlier), rhythm);
    if (ways.ipp && round->wantsIpp())
        co_await askIpp(round);
    if (ways.pages)
        co_await askPages(round);
    co_return round->end();
}

QCoro::Task<Result<model::Reading>> Completer::read(ipp::Endpoint endpoint)
{
    co_return co_await readBy(&m_patientIpp, endpoint);
}

QCoro::Task<Result<model::Reading>> Completer::readBy(ipp::Client* client, ipp::Endpoint endpoint)
{
    const Result<ipp::Attributes> attributes = co_await client->ask(endpoint);
    if (!attributes)
        co_return fail(attributes.error());
    co_return ipp::interpret(
        *m_catalogue, *attributes, {.address = endpoint.address, .takenAt = m_clock.now(), .sources = true});
}

QCoro::Task<> Completer::askIpp(std::shared_ptr<Round> round)
{
    const Result<model::Reading> given = co_await readBy(&m_ipp, {QHostAddress(round->reading.address), m_ports.ipp, {}});
    if (given)
        round->add(*given);
    else
        round->cut("IPP"_L1, given.error());
}

QCoro::Task<> Completer::askPages(std::shared_ptr<Round> round)
{
    const profiles::Profile& profile = m_catalogue->profileOf(round->reading.identity.manufacturer);
    const auto end = steady_clock::now() + web::Limits().time;
    for (const pages::Page& page : m_pages.value(profile.id)) {
        const auto left = std::chrono::duration_cast<milliseconds>(end - steady_clock::now());
        if (!round->wants(page) || left <= milliseconds::zero())
            continue;
        const Result<QByteArray> document = co_await fetch(round->reading.address, page.url, left);
        if (!document) {
            round->cut("a page"_L1, document.error());
            if (document.error().code != ErrorCode::NotFound)
                co_return; // the other pages are behind the same door
            continue;
        }
        model::Reading given
            = co_await inPool(m_pool, &m_context, [page, bytes = *document] { return pages::extract(page, bytes); });
        dropRejected(*m_catalogue, profile, given.identity);
        round->add(given);
    }
}

QCoro::Task<Result<QByteArray>> Completer::fetch(QString address, QString url, milliseconds time)
{
    const auto end = steady_clock::now() + time;
    Result<web::Answer> answer = fail(ErrorCode::NetworkFailed, QString());
    for (const bool isTls : {false, true}) { // most that want TLS say so by a redirect
        QUrl whole(url);
        whole.setScheme(isTls ? u"https"_s : u"http"_s);
        whole.setHost(address);
        whole.setPort(isTls ? m_ports.https : m_ports.http);
        const auto left = std::chrono::duration_cast<milliseconds>(end - steady_clock::now());
        answer = co_await m_web.get(whole, {.time = std::max(milliseconds(1), left)});
        if (answer || (answer.error().code != ErrorCode::NetworkFailed && answer.error().code != ErrorCode::NotFound))
            break;
    }
    if (!answer && answer.error().code == ErrorCode::NotFound) // a closed port does not say that there is no such page
        co_return fail(ErrorCode::NetworkFailed, answer.error().detail);
    if (!answer)
        co_return fail(answer.error());
    if (answer->status != 200)
        co_return fail(
            ErrorCode::NotFound, u"%1 has no page %2 for us (HTTP status %3)."_s.arg(address, url).arg(answer->status));
    co_return answer->body;
}

} // namespace platen::completion
