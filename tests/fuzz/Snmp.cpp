// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Snmp.h"

#include "Fixtures.h"
#include "Values.h"

#include <fleetsim/Table.h>
#include <profiles/Interview.h>
#include <snmp/Ber.h>
#include <snmp/Message.h>
#include <snmp/Probe.h>
#include <snmp/UsmMessage.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::fuzz {

namespace {

using snmp::Question;

constexpr int mostQuestions = 1000; // of a talk: far more than any has
const QByteArray engineId = QByteArray::fromHex("80001f8804706c6174656e");

/// The keys of a user at the engine above.
const snmp::UsmKeys& keys()
{
    static const snmp::UsmKeys made = [] {
        snmp::Credentials credentials;
        credentials.version = snmp::Version::V3;
        credentials.user = u"reader"_s;
        credentials.authProtocol = u"SHA-256"_s;
        credentials.authPassphrase = Secret("authentication");
        credentials.privProtocol = u"AES-128"_s;
        credentials.privPassphrase = Secret("privacy and more");
        return snmp::UsmKeyMaker().keysFor(*snmp::checkedCredentials(credentials), engineId);
    }();
    return made;
}

/// What one of our printers answers to a question.
QByteArray answerOf(const snmp::Answers& printer, const Question& question)
{
    const QByteArray datagram = snmp::encoded(question, 7);
    const auto request = fleetsim::parseRequest(datagram);
    return request ? fleetsim::Table(printer).answer(*request) : QByteArray();
}

/// The PDU in a message of v1 or v2c.
QByteArray pduOf(const QByteArray& message)
{
    snmp::ber::Reader outer(message);
    snmp::ber::Reader inner(outer.content(snmp::ber::sequenceTag).value_or(QByteArrayView()));
    inner.integer();
    inner.content(snmp::ber::octetStringTag);
    return inner.rest().toByteArray();
}

/// Changes one thing in an answer: a value, a name, or that it is there at all, once or twice.
void change(snmp::VarBinds& answer, Feed& feed)
{
    const quint8 how = feed.byte();
    if (answer.isEmpty())
        return;
    snmp::VarBind& varBind = answer[feed.byte() % answer.size()];
    switch (how % 6) {
    case 0: varBind.value = valueFrom(feed.byte(), feed.bytes(feed.byte())); break;
    case 1: varBind.oid = knownObjects()[feed.word() % knownObjects().size()]; break;
    case 2: varBind.oid = varBind.oid.isEmpty() ? varBind.oid : snmp::Oid(varBind.oid.arcs().first(size_t(varBind.oid.size() - 1))) + quint32(feed.word()); break;
    case 3: answer.removeAt(&varBind - answer.data()); break;
    case 4: answer.append(snmp::VarBind(varBind)); break;
    default: answer.resize(feed.byte() % (answer.size() + 1)); break;
    }
}

/// One talk, to its end.
profiles::Memory talk(const snmp::Answers& printer, const profiles::ReadOptions& options, Feed& feed)
{
    profiles::Interview interview(catalogue(), QHostAddress(u"192.0.2.1"_s), options);
    for (int asked = 0; const auto question = interview.next(); ++asked) {
        if (asked > mostQuestions)
            qFatal("a talk does not come to its end");
        snmp::VarBinds answer = profiles::answerFrom(printer, *question);
        for (quint8 changes = feed.byte() % 4; changes > 0; --changes)
            change(answer, feed);
        interview.take(*question, answer);
    }
    if (const auto reading = interview.reading({}))
        checkNumbers(*reading);
    return interview.memory();
}

} // namespace

void answer(QByteArrayView input)
{
    const auto message = snmp::parsed(input);
    if (!message || message->version != snmp::Version::V3)
        return;
    if (!message->header.isEncrypted)
        snmp::parsedScopedPdu(message->scoped);
    if (const auto scoped = snmp::opened(*message, input, keys()))
        snmp::parsedScopedPdu(*scoped);
}

void probeAnswer(QByteArrayView input)
{
    snmp::parsedAnswer(input);
}

QList<QByteArray> answerSeeds()
{
    QList<QByteArray> seeds;
    for (const snmp::Answers& printer : printers()) {
        snmp::Target target;
        const QList<snmp::Oid> oids = printer.keys().first(std::min<qsizetype>(printer.size(), 12));
        seeds += answerOf(printer, {Question::Kind::Get, target, oids});
        seeds += answerOf(printer, {Question::Kind::GetBulk, target, oids.first(std::min<qsizetype>(oids.size(), 3)), 0, 6});
        const QByteArray scoped = snmp::scopedPdu(engineId, {}, pduOf(seeds.last()));
        for (const bool isEncrypted : {false, true}) {
            snmp::UsmHeader header;
            header.id = 7;
            header.isAuthenticated = true;
            header.isEncrypted = isEncrypted;
            header.engineId = engineId;
            header.boots = 3;
            header.time = 1000;
            header.user = "reader";
            header.salt = "saltsalt";
            seeds += snmp::sealed(header, keys(), scoped);
        }
        target.credentials.version = snmp::Version::V1;
        seeds += answerOf(printer, {Question::Kind::GetNext, target, {printer.lastKey()}});
    }
    for (const quint32 number : {0U, 1U})
        seeds += fleetsim::encodeReport(snmp::encodedDiscovery(7), number);
    return seeds;
}

void interview(QByteArrayView input)
{
    Feed feed(input);
    const quint8 which = feed.byte();
    const snmp::Answers& printer = printers()[(which & 0x7f) % printers().size()];
    profiles::ReadOptions options;
    if (which & 0x80)
        options.memory = profiles::Memory::of(printer, 7);
    options.memory = talk(printer, options, feed);
    if (input.size() % 4 == 3)
        talk(printer, options, feed); // and once more, by what it kept
}

QList<QByteArray> interviewSeeds()
{
    QList<QByteArray> seeds;
    for (qsizetype which = 0; which < printers().size(); ++which) {
        seeds += QByteArray(1, char(which));
        for (int how = 0; how < 6; ++how)
            seeds += QByteArray(1, char(which)) + QByteArray("\1", 1).repeated(how) + QByteArray("\1\0\3\2\4\1\1\1\1", 9).replace(1, 1, QByteArray(1, char(how)));
    }
    return seeds;
}

} // namespace platen::fuzz
