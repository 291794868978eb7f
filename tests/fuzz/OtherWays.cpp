// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "OtherWays.h"

#include "Values.h"

#include <dnssd/Findings.h>
#include <ipp/Interpret.h>
#include <pages/Extract.h>
#include <pages/Page.h>

#include <QJsonArray>
#include <QJsonDocument>

#include <array>

using namespace Qt::StringLiterals;

namespace platen::fuzz {

namespace {

constexpr auto sections = R"page([
    {"url": "/status.xml", "unit": "impressions", "values": {"identity.serialNumber": {"xpath": "//Printer/SerialNumber"}, "meters.total": {"xpath": "//Counter", "pattern": "([0-9]+)"},
        "status.display": {"xpath": "//Panel/Line"}},
     "supplies": {"each": {"xpath": "//Supply"}, "fields": {"kind": {"xpath": "Kind", "words": {"T": "toner"}}, "color": {"xpath": "@color"}, "level": {"xpath": "Level"}, "name": {"xpath": "Name"}}}},
    {"url": "/status.json", "unit": "sheets", "values": {"identity.model": {"pointer": "/device/model"}, "identity.mac": {"pointer": "/device/mac"}, "meters.total": {"pointer": "/counters/0/value"}},
     "supplies": {"each": {"pointer": "/supplies"}, "fields": {"kind": {"pointer": "/kind"}, "color": {"pointer": "/color"}, "level": {"pointer": "/level"}}}},
    {"url": "/status.html", "unit": "impressions", "values": {"identity.serialNumber": {"pattern": "Serial No\\.\\s*<dd>([^<]+)"}, "meters.total": {"pattern": "Total: *([0-9.,]+)"}}}
])page";

constexpr auto xmlPage = R"page(<?xml version="1.0"?><p:Status xmlns:p="urn:example"><Printer><SerialNumber> AB12345 </SerialNumber></Printer><Counter>1,234 pages</Counter>
<Panel><Line>Ready</Line></Panel><Supply color="black"><Kind>T</Kind><Level>54 %</Level><Name>Black &amp; more</Name></Supply><Supply color="cyan"><Kind>T</Kind><Level>7</Level></Supply></p:Status>)page";
constexpr auto jsonPage = R"page({"device": {"model": "P 100", "mac": "00:00:5E:00:53:01"}, "counters": [{"value": 1234}], "supplies": [{"kind": "toner", "color": "black", "level": 54}, {"kind": "fuser", "level": "7%"}]})page";
constexpr auto htmlPage = "<html><body><dl><dt>Serial No.<dd>AB12345<dt>Pages<dd>Total: 1.234</dl></body></html>";

const QList<pages::Page>& ourPages()
{
    static const QList<pages::Page> parsed = *pages::parsePages(u"fuzz.json"_s, QJsonDocument::fromJson(sections).array());
    return parsed;
}

QByteArray big(quint32 number, int bytes)
{
    QByteArray octets;
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
        octets += char(number >> shift);
    return octets;
}

/// An attribute, or a further value of the one before (RFC 8010 §3.1.4).
QByteArray attribute(int tag, const QByteArray& name, const QByteArray& value)
{
    return char(tag) + big(quint32(name.size()), 2) + name + big(quint32(value.size()), 2) + value;
}

/// A name as DNS writes it.
QByteArray dnsName(const QByteArray& name)
{
    QByteArray bytes;
    for (const QByteArray& label : name.split('.'))
        bytes += char(label.size()) + label;
    return bytes + '\0';
}

QByteArray dnsRecord(const QByteArray& name, int type, const QByteArray& data)
{
    return dnsName(name) + big(quint32(type), 2) + big(1, 2) + big(120, 4) + big(quint32(data.size()), 2) + data;
}

} // namespace

void ippAnswer(QByteArrayView input)
{
    const auto attributes = ipp::parse(input);
    if (!attributes)
        return;
    if (const auto reading = ipp::interpret(catalogue(), *attributes, {QHostAddress(u"192.0.2.1"_s), {}, true}))
        checkNumbers(*reading);
}

QList<QByteArray> ippSeeds()
{
    const QByteArray head = big(0x0101, 2) + big(0, 2) + big(1, 4) + '\1' + attribute(0x47, "attributes-charset", "utf-8") + attribute(0x48, "attributes-natural-language", "en");
    const QByteArray printer = attribute(0x41, "printer-make-and-model", "HP LaserJet P 100") + attribute(0x23, "printer-state", big(3, 4))
        + attribute(0x44, "printer-state-reasons", "media-low-warning") + attribute(0x44, {}, "toner-low-report") + attribute(0x22, "color-supported", "\1")
        + attribute(0x42, "marker-names", "Black Toner") + attribute(0x44, "marker-types", "toner-cartridge") + attribute(0x42, "marker-colors", "#000000") + attribute(0x21, "marker-levels", big(54, 4))
        + attribute(0x30, "printer-supply", "type=tonerCartridge;maxcapacity=100;level=54;class=supplyThatIsConsumed;unit=percent;colorantname=black;")
        + attribute(0x41, "printer-supply-description", "Black Toner") + attribute(0x30, "printer-alert", "code=markerTonerLow;severity=warning;index=3;group=markerSupplies;")
        + attribute(0x41, "printer-device-id", "MFG:HP;MDL:LaserJet P 100;SN:AB12345;") + attribute(0x45, "printer-uuid", "urn:uuid:00000000-0000-1000-8000-00005e005301")
        + attribute(0x21, "printer-impressions-completed", big(1234, 4));
    const QByteArray collection = attribute(0x34, "media-col-default", {}) + attribute(0x4a, {}, "media-size") + attribute(0x34, {}, {}) + attribute(0x4a, {}, "x-dimension")
        + attribute(0x21, {}, big(21000, 4)) + attribute(0x37, {}, {}) + attribute(0x37, {}, {}) + attribute(0x33, "copies-supported", big(1, 4) + big(999, 4));
    return {head + '\4' + printer + '\3', head + '\4' + printer + collection + '\3', head + '\4' + collection + '\3', ipp::getPrinterAttributes(QUrl(u"ipp://192.0.2.1/ipp/print"_s), 7)};
}

void webPage(QByteArrayView input)
{
    Feed feed(input);
    const pages::Page& page = ourPages()[feed.byte() % ourPages().size()];
    checkNumbers(pages::extract(page, feed.rest()));
}

QList<QByteArray> pageSeeds()
{
    return {QByteArray("\0", 1) + xmlPage, QByteArray("\1") + jsonPage, QByteArray("\2") + htmlPage, QByteArray("\0", 1) + htmlPage};
}

void pageSection(QByteArrayView input)
{
    const auto parsed = pages::parsePages(u"fuzz.json"_s, QJsonDocument::fromJson(input.toByteArray()).array());
    if (!parsed)
        return;
    for (const pages::Page& page : *parsed)
        for (const char* document : {xmlPage, jsonPage, htmlPage})
            checkNumbers(pages::extract(page, document));
}

QList<QByteArray> finderSeeds()
{
    QList<QByteArray> seeds;
    for (const QJsonValue& section : QJsonDocument::fromJson(sections).array())
        seeds += QJsonDocument(QJsonArray{section}).toJson(QJsonDocument::Compact);
    return seeds;
}

void dnsPackets(QByteArrayView input)
{
    dnssd::Findings findings({QHostAddress(u"192.0.2.9"_s), 24, QHostAddress(u"224.0.0.251"_s), 5353});
    for (Feed feed(input); !feed.isEmpty();)
        findings.hear(QHostAddress(u"192.0.2.1"_s), feed.bytes(feed.word()));
    if (const auto open = findings.openQuestions(); !open.isEmpty())
        dnssd::query(open.first(std::min<qsizetype>(open.size(), 4)));
    findings.services();
}

QList<QByteArray> dnssdSeeds()
{
    const QByteArray instance = "P 100._ipp._tcp.local";
    const QByteArray text = QByteArray("\x09txtvers=1\x0crp=ipp/print\x0aty=HP P 100\x13product=(HP P 100).");
    const QByteArray head = big(0, 2) + big(0x8400, 2) + big(0, 2);
    const QByteArray all = head + big(4, 2) + big(0, 4) + dnsRecord("_ipp._tcp.local", 12, dnsName(instance)) + dnsRecord(instance, 33, big(0, 4) + big(631, 2) + dnsName("p100.local"))
        + dnsRecord(instance, 16, text) + dnsRecord("p100.local", 1, QByteArray::fromHex("c0000201"));
    const QByteArray pointer = head + big(1, 2) + big(0, 4) + dnsRecord("_ipp._tcp.local", 12, dnsName(instance));
    return {big(quint32(all.size()), 2) + all, big(quint32(pointer.size()), 2) + pointer + big(quint32(all.size()), 2) + all};
}

} // namespace platen::fuzz
