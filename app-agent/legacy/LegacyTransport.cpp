// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "LegacyTransport.h"

#include <base/File.h>
#include <channel/SealedEnvelope.h>

#include <QJsonDocument>
#include <QJsonObject>
#include <QPointer>

#include <utility>

using namespace Qt::StringLiterals;

namespace platen::legacy {

Status Account::charge(quint64 seq, qint64 blocks)
{
    constexpr qint64 largest = 4096;
    const auto bytes = readFile(m_path, largest);
    if (!bytes && bytes.error().code != ErrorCode::NotFound)
        return fail(bytes.error());
    const QJsonObject before = QJsonDocument::fromJson(bytes.value_or("{}")).object();
    if (bytes && (!before[u"seq"_s].isString() || !before[u"blocks"_s].isDouble()))
        return fail(ErrorCode::StorageFailed, u"%1 does not say what the key has encrypted: activate the agent anew"_s.arg(m_path));
    if (seq <= before[u"seq"_s].toString().toULongLong())
        return {};
    const qint64 after = before[u"blocks"_s].toInteger() + blocks;
    if (after > legacy3des::mostBlocks)
        return fail(ErrorCode::LimitExceeded,
            u"This agent's key has encrypted 2^20 blocks with the obsolete legacy-3des and may no more: run the agent without --legacy-3des"_s);
    const QJsonObject counted{{u"seq"_s, QString::number(seq)}, {u"blocks"_s, after}};
    return writeDurably(m_path, QJsonDocument(counted).toJson(QJsonDocument::Compact));
}

LegacyTransport::LegacyTransport(Site site, channel::TlsTrust trust, channel::Proxy wayOut, QObject* parent)
    : Transport(parent)
    , m_site(std::move(site))
    , m_keys(legacy3des::Keys::of(m_site.identity.keys))
    , m_poster(std::move(trust), channel::HttpPoster::Limits(), std::move(wayOut))
    , m_account(m_site.account)
{
}

void LegacyTransport::open(const QUrl& url)
{
    m_url = url;
    m_url.setScheme(url.scheme() == "ws"_L1 ? u"http"_s : url.scheme() == "wss"_L1 ? u"https"_s : url.scheme());
    m_url.setPath(u"/a/v1/submit"_s);
    m_step = Step::Hello;
    QMetaObject::invokeMethod(this, &Transport::opened, Qt::QueuedConnection);
}

void LegacyTransport::send(const QByteArray& message)
{
    if (m_step == Step::Hello) {
        greet(message);
    } else if (m_step == Step::Ready) {
        auto session = m_handshake.ready(message);
        if (!session)
            return finish(session.error());
        m_session = *std::move(session);
        m_step = Step::Open;
    } else if (m_step == Step::Open) {
        m_waiting.push_back(message);
        if (!m_isSubmitting)
            submitAll(this);
    }
}

/// The link greets a server, and there is none to greet back in this format: its half is played here, with the agent's own keys.
void LegacyTransport::greet(const QByteArray& hello)
{
    const auto caller = m_handshake.hello(hello);
    if (!caller)
        return finish(caller.error());
    channel::ServerHandshake::Facts facts;
    facts.hwm = m_site.acknowledged();
    facts.serverTime = Clock::system().now();
    const auto answer = m_handshake.answer(m_site.identity.keys, facts);
    if (!answer)
        return finish(answer.error());
    m_step = Step::Ready;
    QMetaObject::invokeMethod(this, [this, bytes = *answer] { emit received(bytes); }, Qt::QueuedConnection);
}

/// The spool's envelope, in the format of 4.x.
Result<QByteArray> LegacyTransport::legacyForm(const QByteArray& envelope)
{
    auto opened = channel::openEnvelope(envelope, m_site.identity.keys.a2s);
    if (!opened)
        return fail(opened.error());
    const protocol::EnvelopeHeader& header = opened->header;
    const auto file = legacy3des::seal({{header.agentId, header.epoch, header.seq}, header.type, opened->body}, m_keys, opened->sha256);
    if (!file)
        return file;
    if (const Status charged = m_account.charge(header.seq, legacy3des::blocksOf(*file)); !charged)
        return fail(charged.error());
    return file;
}

QCoro::Task<> LegacyTransport::submitAll(QPointer<LegacyTransport> self)
{
    self->m_isSubmitting = true;
    while (self && self->m_step == Step::Open && !self->m_waiting.empty()) {
        const Result<QByteArray> file = self->legacyForm(self->m_waiting.front());
        if (!file)
            co_return self->finish(file.error());
        const auto answer = co_await self->m_poster.post(self->m_url, "application/octet-stream", *file);
        if (!self || self->m_step != Step::Open)
            co_return;
        if (!answer)
            co_return self->finish(answer.error());
        const Result<protocol::Ack> ack = self->judge(*answer, *file);
        if (!ack)
            co_return self->finish(ack.error());
        self->m_waiting.pop_front();
        emit self->received(self->m_session.seal(protocol::EnvelopeType::Ack, ack->encode(), Clock::system().now()));
    }
    if (self)
        self->m_isSubmitting = false;
}

Result<protocol::Ack> LegacyTransport::judge(const channel::HttpPoster::Answer& answer, const QByteArray& file) const
{
    switch (answer.status) {
    case 200:
        return legacy3des::openAnswer(answer.body, file, m_keys);
    case 403:
        return fail(ErrorCode::PermissionDenied,
            u"The server refuses this agent's obsolete legacy-3des files: it is not known there, has spoken the protocol of today, or its key is used up"_s);
    case 404:
    case 405:
        return fail(ErrorCode::PermissionDenied,
            u"The server does not take the obsolete legacy-3des files: run the agent without --legacy-3des, or turn them on at the server"_s);
    default:
        return fail(ErrorCode::NetworkFailed, u"The server answered a legacy-3des file with status %1."_s.arg(answer.status));
    }
}

void LegacyTransport::finish(const Error& why)
{
    if (std::exchange(m_step, Step::Closed) == Step::Closed)
        return;
    m_waiting.clear();
    const bool isUsedUp = why.code == ErrorCode::LimitExceeded; // waits for an administrator, not for a better network
    const Error told = isUsedUp ? Error{ErrorCode::PermissionDenied, why.detail} : why;
    QMetaObject::invokeMethod(this, [this, told] { emit closed(told); }, Qt::QueuedConnection);
}

void LegacyTransport::close() { finish({ErrorCode::Cancelled, u"The legacy-3des submission was ended by us."_s}); }

qint64 LegacyTransport::pendingBytes() const
{
    qint64 bytes = 0;
    for (const QByteArray& envelope : m_waiting)
        bytes += envelope.size();
    return bytes;
}

QString LegacyTransport::name() const { return u"legacy-3des (obsolete)"_s; }

} // namespace platen::legacy
