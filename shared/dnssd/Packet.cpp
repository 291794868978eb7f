// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Packet.h"

#include <ldns/ldns.h>

#include <memory>

using namespace Qt::StringLiterals;

namespace platen::dnssd {

namespace {

constexpr qsizetype maxBytes = 9'000; // RFC 6762 §17
constexpr int maxRecordsInPacket = 128;
constexpr qsizetype maxTexts = 32;

template <auto Free>
struct Freeing {
    template <typename T>
    void operator()(T* thing) const
    {
        Free(thing);
    }
};
using Packet = std::unique_ptr<ldns_pkt, Freeing<ldns_pkt_free>>;
using Name = std::unique_ptr<ldns_rdf, Freeing<ldns_rdf_deep_free>>;

int countAt(QByteArrayView packet, qsizetype at)
{
    return static_cast<uchar>(packet[at]) << 8 | static_cast<uchar>(packet[at + 1]);
}

// Instance names hold any character, so they are kept as DNS writes them ("\\032" for a space).
QString nameOf(const ldns_rdf* name)
{
    const std::unique_ptr<char, decltype(&free)> text(name ? ldns_rdf2str(name) : nullptr, &free);
    return text ? QString::fromLatin1(text.get()) : QString();
}

// RFC 6763 §6.4: "key=value", the first of a key counts, a key without value says only that it is there.
QMap<QString, QString> textOf(const ldns_rr* record)
{
    QMap<QString, QString> text;
    for (size_t i = 0; i < ldns_rr_rd_count(record) && text.size() < maxTexts; ++i) {
        const ldns_rdf* part = ldns_rr_rdf(record, i);
        if (ldns_rdf_size(part) < 2)
            continue;
        const QByteArrayView entry(
            reinterpret_cast<const char*>(ldns_rdf_data(part)) + 1, static_cast<qsizetype>(ldns_rdf_size(part)) - 1);
        const qsizetype equals = entry.indexOf('=');
        const QString key = QString::fromLatin1(entry.first(equals < 0 ? entry.size() : equals)).toLower();
        if (!key.isEmpty() && !text.contains(key))
            text.insert(key, equals < 0 ? QString() : QString::fromUtf8(entry.sliced(equals + 1)).simplified());
    }
    return text;
}

QHostAddress addressOf(const ldns_rdf* data, size_t size)
{
    if (ldns_rdf_size(data) != size)
        return {};
    const auto* bytes = ldns_rdf_data(data);
    if (size == 4)
        return QHostAddress(static_cast<quint32>(bytes[0]) << 24 | static_cast<quint32>(bytes[1]) << 16
            | static_cast<quint32>(bytes[2]) << 8 | bytes[3]);
    return QHostAddress(static_cast<const quint8*>(bytes));
}

std::optional<Record> recordOf(const ldns_rr* rr)
{
    Record record;
    record.name = nameOf(ldns_rr_owner(rr)).toLower();
    record.type = static_cast<Question::Type>(ldns_rr_get_type(rr));
    const size_t count = ldns_rr_rd_count(rr);
    switch (ldns_rr_get_type(rr)) {
    case LDNS_RR_TYPE_PTR:
        record.target = count > 0 ? nameOf(ldns_rr_rdf(rr, 0)) : QString();
        return record;
    case LDNS_RR_TYPE_SRV:
        if (count < 4)
            return std::nullopt;
        record.port = ldns_rdf2native_int16(ldns_rr_rdf(rr, 2));
        record.target = nameOf(ldns_rr_rdf(rr, 3));
        return record;
    case LDNS_RR_TYPE_TXT:
        record.text = textOf(rr);
        return record;
    case LDNS_RR_TYPE_A:
    case LDNS_RR_TYPE_AAAA:
        if (count < 1)
            return std::nullopt;
        record.address = addressOf(ldns_rr_rdf(rr, 0), record.type == Question::Type::A ? 4 : 16);
        return record;
    default:
        return std::nullopt;
    }
}

void take(const ldns_rr_list* list, QList<Record>& records)
{
    for (size_t i = 0; i < ldns_rr_list_rr_count(list); ++i) {
        if (const std::optional<Record> record = recordOf(ldns_rr_list_rr(list, i)))
            records += *record;
    }
}

} // namespace

QByteArray query(const QList<Question>& questions)
{
    const Packet packet(ldns_pkt_new());
    for (const Question& question : questions) {
        ldns_rdf* name = nullptr;
        if (ldns_str2rdf_dname(&name, question.name.toLatin1().constData()) != LDNS_STATUS_OK)
            continue;
        ldns_rr* rr = ldns_rr_new();
        ldns_rr_set_owner(rr, name);
        ldns_rr_set_type(rr, static_cast<ldns_rr_type>(question.type));
        ldns_rr_set_class(rr, LDNS_RR_CLASS_IN);
        ldns_rr_set_question(rr, true);
        ldns_pkt_push_rr(packet.get(), LDNS_SECTION_QUESTION, rr);
    }
    uint8_t* wire = nullptr;
    size_t size = 0;
    if (ldns_pkt2wire(&wire, packet.get(), &size) != LDNS_STATUS_OK)
        return {};
    const std::unique_ptr<uint8_t, decltype(&free)> bytes(wire, &free);
    return QByteArray(reinterpret_cast<const char*>(wire), static_cast<qsizetype>(size));
}

Result<QList<Record>> parse(QByteArrayView packet)
{
    constexpr qsizetype header = 12;
    if (packet.size() < header)
        return fail(ErrorCode::Malformed, u"The packet is no DNS answer."_s);
    if (packet.size() > maxBytes
        || countAt(packet, 4) + countAt(packet, 6) + countAt(packet, 8) + countAt(packet, 10) > maxRecordsInPacket)
        return fail(ErrorCode::LimitExceeded, u"The DNS answer is too large."_s);
    ldns_pkt* read = nullptr;
    const ldns_status status =
        ldns_wire2pkt(&read, reinterpret_cast<const uint8_t*>(packet.data()), static_cast<size_t>(packet.size()));
    const Packet owned(status == LDNS_STATUS_OK ? read : nullptr);
    if (!owned || !ldns_pkt_qr(owned.get()))
        return fail(ErrorCode::Malformed, u"The packet is no DNS answer."_s);
    QList<Record> records;
    take(ldns_pkt_answer(owned.get()), records);
    take(ldns_pkt_authority(owned.get()), records);
    take(ldns_pkt_additional(owned.get()), records);
    return records;
}

} // namespace platen::dnssd
