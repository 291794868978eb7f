// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "LegacySubmissions.h"

#include <crypto/Crypto.h>
#include <storage/Query.h>

#include <QLoggingCategory>

using namespace Qt::StringLiterals;

namespace platen::legacy {

namespace {

Q_LOGGING_CATEGORY(lcLegacy, "platen.legacy")

constexpr int refusalsPerMinute = 60; // of one address; each may be a look into the database

http::Response nothing(int status) { return {status, "application/octet-stream", {}, {{"Cache-Control", "no-store"}}}; }

bool isRefusal(const Error& error) { return error.code == ErrorCode::NotFound || error.code == ErrorCode::PermissionDenied; }

QString named(const QByteArray& agentId) { return QString::fromLatin1(agentId.toHex()); }

} // namespace

LegacySubmissions::LegacySubmissions(Services services)
    : m_services(services)
    , m_sources(services.clock, refusalsPerMinute, std::chrono::minutes(1))
    , m_told(services.clock)
{
}

void LegacySubmissions::attach(http::Edge& edge)
{
    qCWarning(lcLegacy) << "the obsolete legacy-3des submission of 4.x is on: turn it off as soon as no agent needs it";
    edge.route("POST", "/a/v1/submit",
        [this](http::Request request, http::Reply reply) { take(std::move(request)).then(std::move(reply)); });
}

/// Logged once in a while for each key; the peer learns no more than that it is not welcome.
http::Response LegacySubmissions::refuse(const QString& key, const QString& why)
{
    if (const auto silent = m_told.now(key))
        qCWarning(lcLegacy).noquote() << "refused a legacy-3des file:" << why + andMore(*silent);
    return nothing(403);
}

QCoro::Task<http::Response> LegacySubmissions::take(http::Request request)
{
    const QString source = request.peer.toString();
    const auto head = legacy3des::Head::decode(request.body);
    if (!head)
        co_return nothing(400);
    const auto access = co_await m_services.agents.access(head->agentId);
    if (!access && !isRefusal(access.error()))
        co_return nothing(503);
    if (!access || access->epoch != head->epoch) {
        if (!m_sources.allow(request.peer))
            co_return nothing(429);
        co_return refuse(source, u"%1 from %2 is no agent of ours, or no longer"_s.arg(named(head->agentId), source));
    }
    const auto keys = legacy3des::Keys::of(crypto::AgentKeys::derive(access->root, head->agentId));
    auto submission = legacy3des::open(request.body, keys);
    if (!submission) {
        if (!m_sources.allow(request.peer))
            co_return nothing(429);
        co_return refuse(source, u"what came from %1 for agent %2: %3"_s.arg(source, named(head->agentId), submission.error().detail));
    }
    co_return co_await store(*std::move(submission), std::move(request.body), keys, *access);
}

QCoro::Task<http::Response> LegacySubmissions::store(
    legacy3des::Submission submission, QByteArray file, legacy3des::Keys keys, store::AgentAccess access)
{
    const legacy3des::Head head = submission.head;
    const auto answered = [&](const protocol::Ack& ack) {
        http::Response response = nothing(200);
        response.body = legacy3des::sealAnswer(ack, file, keys);
        return response;
    };
    // A gap travels under its last number; anything else that is too far ahead comes again, and is counted then.
    if (submission.type != protocol::EnvelopeType::Gap && head.seq > access.hwm + 1)
        co_return answered({access.hwm, protocol::AckCode::Nak, {}});
    const auto account = co_await charge(head, legacy3des::blocksOf(file));
    if (!account)
        co_return nothing(503);
    if (*account == Account::HasMovedOn)
        co_return refuse(named(head.agentId), u"agent %1 has spoken the protocol of today, there is no way back"_s.arg(named(head.agentId)));
    if (*account == Account::UsedUp)
        co_return refuse(named(head.agentId),
            u"the key of agent %1 has encrypted 2^20 blocks with 3DES and may no more: let the agent speak the protocol of today"_s.arg(named(head.agentId)));
    if (access.status == store::AgentStatus::Pending) { // its first word, as HELLO would be
        const Status activated = co_await m_services.agents.activate(head.agentId);
        if (!activated)
            co_return isRefusal(activated.error()) ? refuse(named(head.agentId), activated.error().detail) : nothing(503);
    }
    protocol::EnvelopeHeader header;
    header.type = submission.type;
    header.agentId = head.agentId;
    header.epoch = head.epoch;
    header.seq = head.seq;
    header.created = toMs(m_services.clock.now());
    const auto ack = co_await m_services.ingest.take({header, std::move(submission.body), crypto::sha256(file)});
    if (!ack)
        co_return answered({access.hwm, protocol::AckCode::Busy, {}});
    (void)co_await m_services.agents.touch(head.agentId, u"legacy-3des (obsolete)"_s);
    co_return answered(*ack);
}

/// One-way: `session` counts the sessions of today's protocol, and what was stored by it has no number here. Blocks are counted before
/// anything is stored, each number once.
QCoro::Task<Result<LegacySubmissions::Account>> LegacySubmissions::charge(legacy3des::Head head, qint64 blocks)
{
    return m_services.database.write([head, blocks](QSqlDatabase db) -> Result<Account> {
        auto row = storage::query(db, u"SELECT session, hwm, legacy_blocks, legacy_seq FROM agent WHERE id = ?"_s, {head.agentId});
        if (!row)
            return fail(row.error());
        if (!row->next() || row->value(0).toLongLong() > 0 || row->value(1).toLongLong() > row->value(3).toLongLong())
            return Account::HasMovedOn;
        const qint64 counted = row->value(2).toLongLong(), seq = row->value(3).toLongLong();
        row->finish();
        if (qint64(head.seq) <= seq)
            return Account::Open;
        if (counted + blocks > legacy3des::mostBlocks)
            return Account::UsedUp;
        const auto done = storage::execute(db, u"UPDATE agent SET legacy_blocks = ?, legacy_seq = ? WHERE id = ?"_s,
            {counted + blocks, qint64(head.seq), head.agentId});
        if (!done)
            return fail(done.error());
        return Account::Open;
    });
}

} // namespace platen::legacy
