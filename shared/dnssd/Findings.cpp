// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Findings.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace platen::dnssd {

namespace {

constexpr int maxPacketsEach = 64;
constexpr int maxSenders = 1'000;
constexpr qsizetype maxRecords = 2'000;
constexpr qsizetype maxQuestions = 30; // fit into one packet

const QMap<QString, Service::Kind>& kinds()
{
    static const QMap<QString, Service::Kind> kinds{{u"_ipp._tcp.local."_s, Service::Kind::Ipp},
        {u"_ipps._tcp.local."_s, Service::Kind::Ipps},
        {u"_pdl-datastream._tcp.local."_s, Service::Kind::PdlDatastream}};
    return kinds;
}

// "office\\032printer._ipp._tcp.local." → "office printer"
QString shownName(const QString& instance, const QString& kind)
{
    static const QRegularExpression escape(u"\\\\(?:([0-9]{3})|(.))"_s);
    QString name = instance.chopped(kind.size() + 1);
    QByteArray octets;
    qsizetype at = 0;
    for (auto matches = escape.globalMatch(name); matches.hasNext();) {
        const QRegularExpressionMatch match = matches.next();
        octets += name.sliced(at, match.capturedStart() - at).toLatin1();
        octets += match.hasCaptured(1) ? QByteArray(1, static_cast<char>(match.captured(1).toInt()))
                                       : match.captured(2).toLatin1();
        at = match.capturedEnd();
    }
    return QString::fromUtf8(octets + name.sliced(at).toLatin1()).simplified().left(63);
}

/// Whoever announces must not choose what else we talk to: the port of a web server or of IPP, or one that needs no privilege.
bool isPlausible(const Service& service)
{
    static const QRegularExpression path(u"\\A[A-Za-z0-9/._-]{0,64}\\z"_s);
    const bool isPort = service.port == 80 || service.port == 443 || service.port == 631 || service.port >= 1024;
    return isPort && !service.address.isNull() && path.match(service.resourcePath).hasMatch();
}

} // namespace

Findings::Findings(Link link)
    : m_link(std::move(link))
{
}

QList<Question> Findings::firstQuestions()
{
    QList<Question> questions;
    for (const QString& name : kinds().keys())
        questions += {name, Question::Type::Ptr};
    return questions;
}

void Findings::hear(const QHostAddress& sender, QByteArrayView packet)
{
    if (!sender.isInSubnet(m_link.source, m_link.prefixLength)
        || (m_packets.size() >= maxSenders && !m_packets.contains(sender)))
        return;
    if (++m_packets[sender] > maxPacketsEach)
        return;
    const Result<QList<Record>> records = parse(packet);
    if (!records)
        return;
    for (const Record& record : *records) {
        if (++m_records <= maxRecords)
            take(record);
    }
}

void Findings::take(const Record& record)
{
    switch (record.type) {
    case Question::Type::Ptr:
        if (kinds().contains(record.name) && record.target.endsWith(u'.' + record.name, Qt::CaseInsensitive))
            m_instances.insert(record.target.toLower(), record);
        break;
    case Question::Type::Srv:
        m_places.insert(record.name, record);
        break;
    case Question::Type::Txt:
        m_texts.insert(record.name, record);
        break;
    case Question::Type::A:
    case Question::Type::Aaaa:
        takeAddress(record.name, record.address);
        break;
    }
}

void Findings::takeAddress(const QString& host, QHostAddress address)
{
    if (!address.isInSubnet(m_link.source, m_link.prefixLength))
        return;
    if (address.isLinkLocal())
        address.setScopeId(m_link.source.scopeId()); // without its link such an address leads nowhere
    if (!m_addresses.contains(host, address))
        m_addresses.insert(host, address);
}

QList<Question> Findings::openQuestions() const
{
    QList<Question> questions;
    const auto ask = [&](const QString& name, Question::Type type) {
        const Question question{name, type};
        if (questions.size() < maxQuestions && !questions.contains(question))
            questions += question;
    };
    const bool isIp4 = m_link.source.protocol() == QAbstractSocket::IPv4Protocol;
    for (const QString& instance : m_instances.keys()) {
        if (!m_texts.contains(instance))
            ask(instance, Question::Type::Txt);
        const auto place = m_places.find(instance);
        if (place == m_places.end())
            ask(instance, Question::Type::Srv);
        else if (!m_addresses.contains(place->target.toLower()))
            ask(place->target.toLower(), isIp4 ? Question::Type::A : Question::Type::Aaaa);
    }
    return questions;
}

QList<Service> Findings::services() const
{
    QList<Service> services;
    for (auto it = m_instances.begin(); it != m_instances.end(); ++it) {
        const auto place = m_places.find(it.key());
        if (place == m_places.end())
            continue;
        Service service;
        service.kind = kinds().value(it->name);
        service.name = shownName(it->target, it->name);
        service.address = m_addresses.value(place->target.toLower());
        service.port = place->port;
        const QMap<QString, QString> text = m_texts.value(it.key()).text;
        service.makeAndModel = text.value(u"ty"_s);
        service.resourcePath = text.value(u"rp"_s);
        if (isPlausible(service))
            services += service;
    }
    return services;
}

} // namespace platen::dnssd
