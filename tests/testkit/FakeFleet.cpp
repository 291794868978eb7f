// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "FakeFleet.h"

#include <QDateTime>
#include <QRandomGenerator>
#include <QTimeZone>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::test {

namespace {

struct Model {
    QString maker, name, type;
    bool color;
    QString serialStart;
    int levels; ///< percent of devices that report −3 or −2 instead of numbers
};

const QList<Model> models{
    {u"HP"_s, u"Color LaserJet Pro M452nw"_s, u"printer"_s, true, u"VNB3K"_s, 0},
    {u"HP"_s, u"LaserJet Enterprise M609"_s, u"printer"_s, false, u"CNBC"_s, 0},
    {u"HP"_s, u"LaserJet 4250"_s, u"printer"_s, false, u"CNGX"_s, 0},
    {u"HP"_s, u"DesignJet T1100ps"_s, u"plotter"_s, true, u"MY7BD"_s, 0},
    {u"Kyocera"_s, u"ECOSYS P3055dn"_s, u"printer"_s, false, u"R4B79"_s, 0},
    {u"Kyocera"_s, u"TASKalfa 2554ci"_s, u"mfp"_s, true, u"RVN0Z"_s, 0},
    {u"Ricoh"_s, u"MP C2503"_s, u"mfp"_s, true, u"E204M"_s, 40},
    {u"Ricoh"_s, u"IM C3000"_s, u"mfp"_s, true, u"3089R"_s, 0},
    {u"KONICA MINOLTA"_s, u"bizhub C258"_s, u"mfp"_s, true, u"A7R0"_s, 0},
    {u"Brother"_s, u"HL-L2370DN"_s, u"printer"_s, false, u"U64640"_s, 100},
    {u"Brother"_s, u"MFC-L8690CDW"_s, u"mfp"_s, true, u"E77260"_s, 100},
    {u"Lexmark"_s, u"MS521dn"_s, u"printer"_s, false, u"4600"_s, 0},
    {u"Canon"_s, u"iR-ADV C5535i"_s, u"mfp"_s, true, u"XTH0"_s, 30},
    {u"EPSON"_s, u"WF-C5790 Series"_s, u"mfp"_s, true, u"X2TZ"_s, 0},
    {u"Xerox"_s, u"VersaLink C405"_s, u"mfp"_s, true, u"3367"_s, 0},
    {u"OKI"_s, u"MC873"_s, u"mfp"_s, true, u"AK57"_s, 0},
    {u"Zebra"_s, u"ZT410-300dpi"_s, u"label"_s, false, u"18J1"_s, 100},
};

const QStringList sites{u"Vienna, head office"_s, u"Graz, warehouse"_s, u"Linz, clinic"_s, u"上海办事处"_s};
const QList<QStringList> places{
    {u"2nd floor, accounting"_s, u"3rd floor, sales"_s, u"Reception"_s, u"4th floor, legal"_s, u"Ground floor, copy room"_s},
    {u"Dock 3"_s, u"Picking"_s, u"Returns"_s, u"Office"_s},
    {u"Ward 2, nurses' desk"_s, u"Radiology"_s, u"Pharmacy"_s, u"Admission"_s, u"Laboratory"_s},
    {u"三楼 财务部"_s, u"前台"_s, u"二楼 会议室"_s},
};

QString iso(qint64 ms) { return QDateTime::fromMSecsSinceEpoch(ms, QTimeZone::UTC).toString(Qt::ISODateWithMs); }

QJsonObject supply(const QString& index, const QString& name, const QString& kind, const QString& color, const QJsonObject& level, bool filled = false)
{
    return {{u"index"_s, index}, {u"name"_s, name}, {u"kind"_s, kind}, {u"class"_s, filled ? u"filled"_s : u"consumed"_s},
        {u"color"_s, color.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(color)}, {u"unit"_s, u"percent"_s}, {u"capacity"_s, 100}, {u"level"_s, level},
        {u"serialNumber"_s, QJsonValue(QJsonValue::Null)}};
}

QJsonObject percent(double value) { return {{u"kind"_s, u"percent"_s}, {u"percent"_s, value}}; }
QJsonObject kind(const QString& word) { return {{u"kind"_s, word}}; }

QJsonArray suppliesOf(const Model& model, QRandomGenerator& random, bool vague, bool chinese)
{
    QJsonArray supplies;
    const QString what = model.name.startsWith("WF"_L1) || model.type == "plotter"_L1 ? u"ink"_s : u"toner"_s;
    const QList<std::pair<QString, QString>> inks{{u"black"_s, chinese ? u"黑色碳粉"_s : u"Black Cartridge"_s}, {u"cyan"_s, chinese ? u"青色碳粉"_s : u"Cyan Cartridge"_s},
        {u"magenta"_s, chinese ? u"洋红色碳粉"_s : u"Magenta Cartridge"_s}, {u"yellow"_s, chinese ? u"黄色碳粉"_s : u"Yellow Cartridge"_s}};
    if (model.type == "label"_L1) {
        supplies.append(supply(u"1.1"_s, u"Ribbon"_s, u"ribbon"_s, {}, kind(u"unknown"_s)));
        return supplies;
    }
    for (int i = 0; i < (model.color ? 4 : 1); ++i) {
        const int left = random.bounded(100);
        QJsonObject level = percent(left < 12 ? random.bounded(10) : left);
        if (vague)
            level = i == 1 ? kind(u"unknown"_s) : i == 2 ? QJsonObject{{u"kind"_s, u"range"_s}, {u"low"_s, 25}, {u"high"_s, 50}} : kind(u"some"_s);
        supplies.append(supply(u"1.%1"_s.arg(i + 1), inks[i].second, what, inks[i].first, level));
    }
    if (model.type == "mfp"_L1)
        supplies.append(supply(u"1.%1"_s.arg(supplies.size() + 1), chinese ? u"废粉盒"_s : u"Waste Toner Bottle"_s, u"wasteToner"_s, {}, vague ? kind(u"some"_s) : percent(random.bounded(96)), true));
    if (random.bounded(3) == 0)
        supplies.append(supply(u"1.%1"_s.arg(supplies.size() + 1), u"Fuser Kit"_s, u"fuser"_s, {}, percent(20 + random.bounded(80))));
    return supplies;
}

QJsonArray metersOf(const Model& model, qint64 total, const QString& unit)
{
    const auto meter = [&unit](const QString& name, qint64 value) { return QJsonObject{{u"name"_s, name}, {u"unit"_s, unit}, {u"value"_s, value}, {u"marker"_s, QJsonValue(QJsonValue::Null)}}; };
    QJsonArray meters;
    if (model.color) {
        meters.append(meter(u"color"_s, total * 31 / 100));
        meters.append(meter(u"mono"_s, total - total * 31 / 100));
    }
    if (model.type == "mfp"_L1) {
        meters.append(meter(u"copyMono"_s, total * 17 / 100));
        meters.append(meter(u"duplex"_s, total * 22 / 100));
        meters.append(meter(u"scan"_s, total * 9 / 100));
    }
    meters.append(meter(u"total"_s, total));
    return meters;
}

struct Trouble {
    QString state, text, display;
    QJsonArray alerts;
};

QJsonObject alert(const QString& index, const QString& severity, const QString& group, int code, const QString& description)
{
    return {{u"index"_s, index}, {u"severity"_s, severity}, {u"group"_s, group}, {u"groupIndex"_s, 1}, {u"location"_s, -2}, {u"code"_s, code}, {u"description"_s, description}};
}

Trouble troubleOf(int dice)
{
    if (dice < 50)
        return {u"ready"_s, {}, u"Ready"_s, {}};
    if (dice < 58)
        return {u"sleeping"_s, {}, u"Sleep mode on"_s, {}};
    if (dice < 62)
        return {u"printing"_s, {}, u"Printing …"_s, {}};
    if (dice < 63)
        return {u"warmup"_s, {}, u"Warming up"_s, {}};
    if (dice < 72)
        return {u"attention"_s, u"lowToner"_s, u"Toner low. Order a cartridge."_s, {alert(u"1.7"_s, u"warning"_s, u"markerSupplies"_s, 1104, u"Black cartridge low"_s)}};
    if (dice < 78)
        return {u"attention"_s, u"lowPaper"_s, u"Tray 2 low: A4 plain"_s, {alert(u"1.4"_s, u"warning"_s, u"input"_s, 807, u"Tray 2 nearly empty"_s)}};
    if (dice < 82)
        return {u"error"_s, u"noPaper"_s, u"Load tray 1: A4 plain"_s, {alert(u"1.2"_s, u"critical"_s, u"input"_s, 808, u"Tray 1 empty"_s)}};
    if (dice < 85)
        return {u"error"_s, u"jammed"_s, u"Paper jam in rear door"_s,
            {alert(u"1.3"_s, u"critical"_s, u"mediaPath"_s, 8, u"Paper jam behind the rear door"_s), alert(u"1.5"_s, u"warning"_s, u"markerSupplies"_s, 1104, u"Cyan cartridge low"_s)}};
    if (dice < 87)
        return {u"error"_s, u"doorOpen"_s, u"Close front cover"_s, {alert(u"1.1"_s, u"critical"_s, u"cover"_s, 3, u"Front cover open"_s)}};
    if (dice < 89)
        return {u"error"_s, u"markerSupplyEmpty"_s, u"Replace black cartridge"_s, {alert(u"1.9"_s, u"critical"_s, u"markerSupplies"_s, 1102, u"Black cartridge empty"_s)}};
    return {u"offline"_s, {}, {}, {}};
}

// The consumed supply with the lowest known level; one that says nothing only when none says more.
QJsonValue lowestOf(const QJsonArray& supplies)
{
    QJsonValue lowest(QJsonValue::Null);
    double best = 1000;
    for (const QJsonValue& value : supplies) {
        if (value["class"_L1].toString() == "filled"_L1)
            continue;
        const QJsonObject level = value["level"_L1].toObject();
        const QString word = level["kind"_L1].toString();
        const double rank = word == "percent"_L1 ? level["percent"_L1].toDouble() : word == "range"_L1 ? level["low"_L1].toDouble() : word == "some"_L1 ? 500 : 900;
        if (rank < best) {
            best = rank;
            lowest = value;
        }
    }
    return lowest;
}

} // namespace

FakeFleet::FakeFleet(int devices)
{
    for (int index = 0; index < devices; ++index)
        add(index);
}

void FakeFleet::add(int index)
{
    QRandomGenerator random(static_cast<quint32>(index * 7919 + 17));
    random.discard(8);
    const Model& model = models[random.bounded(static_cast<int>(models.size()))];
    const int site = random.bounded(10) < 5 ? 0 : 1 + random.bounded(3);
    const Trouble trouble = troubleOf(random.bounded(100));
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const qint64 seen = now - (trouble.state == "offline"_L1 ? 3'600'000LL * (3 + random.bounded(90)) : 1000LL * (5 + random.bounded(280)));
    const qint64 total = 900 + random.bounded(40) * random.bounded(16000);
    const QString unit = model.type == "plotter"_L1 ? u"meters"_s : u"impressions"_s;
    const QString serial = model.serialStart + QString::number(100000 + random.bounded(899999));
    const QString address = u"10.%1.%2.%3"_s.arg(10 + site).arg(random.bounded(8)).arg(2 + index % 250);
    const QString place = places[site][random.bounded(static_cast<int>(places[site].size()))];
    QJsonArray supplies = suppliesOf(model, random, random.bounded(100) < model.levels, site == 3);
    if (const int level = trouble.text == "lowToner"_L1 ? 6 : trouble.text == "markerSupplyEmpty"_L1 ? 0 : -1; level >= 0 && model.levels < 100) {
        QJsonObject black = supplies.first().toObject();
        black["level"_L1] = percent(level);
        supplies[0] = black;
    }
    const bool hasAsset = random.bounded(3) > 0;
    const QJsonValue asset = hasAsset ? QJsonValue(u"IT-%1"_s.arg(10000 + index)) : QJsonValue(QJsonValue::Null);
    const QString mac = u"00:1b:a9:%1:%2:%3"_s.arg(site + 16, 2, 16, QChar(u'0')).arg(index / 256, 2, 16, QChar(u'0')).arg(index % 256, 2, 16, QChar(u'0'));

    Device device;
    device.reading = {{u"schema"_s, 1}, {u"address"_s, address}, {u"takenAt"_s, iso(seen)},
        {u"identity"_s, QJsonObject{{u"manufacturer"_s, model.maker}, {u"model"_s, model.name}, {u"modelMatch"_s, u"exact"_s}, {u"deviceType"_s, model.type},
            {u"description"_s, QString(model.maker + u' ' + model.name)}, {u"serialNumber"_s, serial}, {u"assetNumber"_s, asset}, {u"mac"_s, mac},
            {u"location"_s, place}, {u"firmware"_s, u"%1.%2.%3"_s.arg(1 + random.bounded(4)).arg(random.bounded(20)).arg(random.bounded(900))}, {u"color"_s, model.color}}},
        {u"status"_s, QJsonObject{{u"state"_s, trouble.state == "offline"_L1 ? u"offline"_s : u"idle"_s},
            {u"errors"_s, trouble.text.isEmpty() ? QJsonArray() : QJsonArray{trouble.text}},
            {u"display"_s, trouble.display.isEmpty() ? QJsonArray() : QJsonArray{trouble.display}}}},
        {u"meters"_s, metersOf(model, total, unit)}, {u"supplies"_s, supplies}, {u"alerts"_s, trouble.alerts}, {u"misc"_s, QJsonObject()}};
    device.row = {{u"id"_s, QString::number(index + 1)}, {u"state"_s, trouble.state},
        {u"stateText"_s, trouble.text.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(trouble.text)}, {u"manufacturer"_s, model.maker}, {u"model"_s, model.name},
        {u"serialNumber"_s, serial}, {u"assetNumber"_s, asset}, {u"address"_s, address}, {u"location"_s, place}, {u"lowestSupply"_s, lowestOf(supplies)},
        {u"totalMeter"_s, QJsonObject{{u"value"_s, total}, {u"unit"_s, unit}}}, {u"lastSeenAt"_s, iso(seen)}, {u"agentId"_s, u"%1"_s.arg(site + 1, 32, 16, QChar(u'0'))},
        {u"agentName"_s, sites[site]}, {u"deviceType"_s, model.type}, {u"color"_s, model.color}};
    m_devices.append(device);
}

int FakeFleet::indexOf(const QString& id) const
{
    const auto found = std::ranges::find_if(m_devices, [&id](const Device& device) { return device.row["id"_L1].toString() == id; });
    return found == m_devices.end() ? -1 : static_cast<int>(found - m_devices.begin());
}

QJsonArray FakeFleet::agents() const
{
    QJsonArray agents;
    const QStringList systems{u"Debian 13"_s, u"Windows Server 2022"_s, u"Ubuntu 24.04"_s, u"Debian 12"_s};
    for (int site = 0; site < sites.size(); ++site) {
        const auto devices = std::ranges::count_if(m_devices, [site](const Device& device) { return device.row["agentName"_L1].toString() == sites[site]; });
        agents.append(QJsonObject{{u"id"_s, u"%1"_s.arg(site + 1, 32, 16, QChar(u'0'))}, {u"name"_s, sites[site]}, {u"state"_s, site == 1 ? u"silent"_s : u"connected"_s},
            {u"lastSeenAt"_s, iso(QDateTime::currentMSecsSinceEpoch() - (site == 1 ? 5'400'000 : 40'000))}, {u"version"_s, site == 1 ? u"0.0.9"_s : u"0.1.0"_s},
            {u"os"_s, systems[site]}, {u"devices"_s, static_cast<int>(devices)}, {u"transport"_s, u"websocket"_s}});
    }
    return agents;
}

namespace {

bool matches(const QJsonObject& row, const QJsonObject& parameters)
{
    const QJsonObject filter = parameters["filter"_L1].toObject();
    if (const QJsonArray states = filter["state"_L1].toArray(); !states.isEmpty() && !states.contains(row["state"_L1]))
        return false;
    if (const QString agent = filter["agentId"_L1].toString(); !agent.isEmpty() && agent != row["agentId"_L1].toString())
        return false;
    for (const QString& word : parameters["search"_L1].toString().split(u' ', Qt::SkipEmptyParts)) {
        bool found = false;
        for (const QLatin1StringView key : {"manufacturer"_L1, "model"_L1, "serialNumber"_L1, "address"_L1, "location"_L1, "assetNumber"_L1})
            found |= row[key].toString().contains(word, Qt::CaseInsensitive);
        if (!found)
            return false;
    }
    return true;
}

// Numbers and texts alike, as a key that compares.
QString sortKey(const QJsonObject& row, const QString& column)
{
    static const QStringList urgency{u"error"_s, u"attention"_s, u"offline"_s, u"unknown"_s, u"warmup"_s, u"printing"_s, u"ready"_s, u"sleeping"_s};
    if (column == "state"_L1)
        return QString::number(urgency.indexOf(row["state"_L1].toString()));
    if (column == "totalMeter"_L1)
        return u"%1"_s.arg(row["totalMeter"_L1].toObject()["value"_L1].toInteger(), 12, 10, QChar(u'0'));
    if (column == "lowestSupply"_L1) {
        const QJsonObject level = row["lowestSupply"_L1].toObject()["level"_L1].toObject();
        return level["kind"_L1].toString() == "percent"_L1 ? u"%1"_s.arg(level["percent"_L1].toDouble(), 8, 'f', 2, QChar(u'0')) : u"9999"_s;
    }
    if (column == "address"_L1) {
        QString key;
        for (const QString& part : row["address"_L1].toString().split(u'.'))
            key += part.rightJustified(3, QChar(u'0'));
        return key;
    }
    return row[column].toString().toLower();
}

} // namespace

QJsonObject FakeFleet::list(const QJsonObject& parameters) const
{
    QList<QJsonObject> rows;
    for (const Device& device : m_devices) {
        if (matches(device.row, parameters))
            rows.append(device.row);
    }
    const QJsonObject sort = parameters["sort"_L1].toObject();
    if (const QString column = sort["column"_L1].toString(); !column.isEmpty()) {
        const bool descending = sort["descending"_L1].toBool();
        std::ranges::stable_sort(rows, [&](const QJsonObject& a, const QJsonObject& b) {
            return descending ? sortKey(b, column) < sortKey(a, column) : sortKey(a, column) < sortKey(b, column);
        });
    }
    const int offset = parameters["offset"_L1].toInt();
    const int limit = parameters["limit"_L1].toInt(100);
    QJsonArray page;
    for (qsizetype i = offset; i < std::min<qsizetype>(rows.size(), offset + limit); ++i)
        page.append(rows[i]);
    return {{u"total"_s, rows.size()}, {u"rows"_s, page}};
}

QJsonObject FakeFleet::history(const QJsonObject& parameters) const
{
    const int index = indexOf(parameters["id"_L1].toString());
    if (index < 0)
        return {};
    constexpr qint64 hour = 3'600'000;
    const bool isMeter = parameters["kind"_L1].toString() == "meter"_L1;
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const QDateTime from = QDateTime::fromString(parameters["from"_L1].toString(), Qt::ISODateWithMs);
    const qint64 since = from.isValid() ? from.toMSecsSinceEpoch() : 0;
    QRandomGenerator random(static_cast<quint32>(index + (isMeter ? 0 : 4000)));
    double value = static_cast<double>(m_devices[index].row["totalMeter"_L1].toObject()["value"_L1].toInteger());
    double level = 60;
    for (const QJsonValue& supply : m_devices[index].reading["supplies"_L1].toArray()) {
        if (supply["index"_L1].toString() == parameters["key"_L1].toString())
            level = supply["level"_L1].toObject()["percent"_L1].toDouble();
    }
    // Written backwards from today: offices print from 8 to 18 on weekdays; a week in the third month was dark.
    QList<QJsonArray> points;
    for (qint64 at = now; at > now - 400LL * 24 * hour; at -= 4 * hour) {
        const QDateTime time = QDateTime::fromMSecsSinceEpoch(at, QTimeZone::UTC);
        const bool works = time.date().dayOfWeek() < 6 && time.time().hour() >= 8 && time.time().hour() < 18;
        const qint64 age = (now - at) / (24 * hour);
        const bool dark = (age >= 70 && age < 77) || (age >= 11 && age < 13);
        if (at >= since)
            points.append(QJsonArray{at, dark ? QJsonValue(QJsonValue::Null) : QJsonValue(isMeter ? std::floor(value) : level)});
        const int used = works ? random.bounded(60) : 0;
        value = std::max(0.0, value - used);
        level += used / 90.0;
        if (level > 100)
            level = 4; // a new cartridge then
    }
    std::ranges::reverse(points);
    QJsonArray answer;
    for (const QJsonArray& point : points)
        answer.append(point);
    return {{u"points"_s, answer}, {u"unit"_s, isMeter ? m_devices[index].row["totalMeter"_L1].toObject()["unit"_L1] : QJsonValue(u"percent"_s)}};
}

} // namespace platen::test
