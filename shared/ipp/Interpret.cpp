// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Interpret.h"

#include "Words.h"

#include <profiles/PrinterMib.h>

using namespace Qt::StringLiterals;

namespace platen::ipp {

namespace {

using snmp::Oid;
namespace mib = profiles::mib;

constexpr quint32 device = 1; // hrDeviceIndex of what has no SNMP
constexpr int maxRows = 200;

// "index=1;class=supplyThatIsConsumed;level=75;": PWG 5100.9 and 5100.13 write rows of the MIB so.
QMap<QString, QString> fieldsOf(const QString& row)
{
    QMap<QString, QString> fields;
    for (const QString& part : row.split(u';', Qt::SkipEmptyParts)) {
        const qsizetype equals = part.indexOf(u'=');
        if (equals > 0)
            fields.insert(part.first(equals).trimmed().toLower(), part.sliced(equals + 1).trimmed());
    }
    return fields;
}

std::optional<qint64> numberIn(const QMap<QString, QString>& fields, const QString& key)
{
    bool isNumber = false;
    const qint64 number = fields.value(key).toLongLong(&isNumber);
    return isNumber ? std::optional(number) : std::nullopt;
}

// IPP writes colours as names or as sRGB; those that are no process colour say nothing.
QString colorName(const QString& word)
{
    static const QMap<QString, QString> rgb{{u"#000000"_s, u"black"_s}, {u"#00ffff"_s, u"cyan"_s},
        {u"#ff00ff"_s, u"magenta"_s}, {u"#ffff00"_s, u"yellow"_s}};
    static const QStringList none{u"none"_s, u"unknown"_s, u"other"_s, u"multi-color"_s, u"no-color"_s};
    const QString lower = word.toLower();
    if (lower.startsWith(u'#'))
        return rgb.value(lower);
    return none.contains(lower) ? QString() : lower;
}

/// Writes attributes as the objects of the MIBs that they mirror, so that one set of rules reads both.
class Translation {
public:
    explicit Translation(const Attributes& attributes)
        : m_attributes(attributes)
    {
        answers.insert(mib::hrDeviceType + device, {snmp::Value::Type::ObjectId, 0, {}, mib::hrDevicePrinter});
        text(mib::hrDeviceDescr + device, u"printer-make-and-model"_s);
        text(mib::ppmPrinterIEEE1284DeviceId, u"printer-device-id"_s);
        text(mib::prtGeneralSerialNumber + device + 1, u"printer-serial-number"_s);
        text(mib::sysLocation, u"printer-location"_s);
        text(mib::prtConsoleDisplayBufferText + device + 1, u"printer-state-message"_s);
        status();
        alerts();
        if (!supplies())
            markers();
    }

    snmp::Answers answers;
    QMap<QString, model::Source> sources; ///< by object

private:
    void put(const Oid& object, const snmp::Value& value, const QString& attribute, const QString& raw)
    {
        answers.insert(object, value);
        sources.insert(object.toString(), {u"ipp"_s, attribute, raw.left(256)});
    }

    void text(const Oid& object, const QString& attribute)
    {
        if (const QString text = m_attributes.text(attribute); !text.isEmpty())
            put(object, snmp::Value::text(text.toUtf8()), attribute, text);
    }

    void number(const Oid& object, std::optional<qint64> number, const QString& attribute, const QString& raw)
    {
        if (number)
            put(object, snmp::Value::integer(*number), attribute, raw);
    }

    void status()
    {
        const std::optional<qint64> state = m_attributes.number(u"printer-state"_s);
        if (state)
            number(mib::hrPrinterStatus + device, words::printerStatus(*state), u"printer-state"_s,
                QString::number(*state));
        const QStringList reasons = m_attributes.texts(u"printer-state-reasons"_s);
        if (!reasons.isEmpty())
            put(mib::hrPrinterDetectedErrorState + device, snmp::Value::text(words::detectedErrorState(reasons)),
                u"printer-state-reasons"_s, reasons.join(u','));
    }

    void alerts()
    {
        const QStringList rows = m_attributes.texts(u"printer-alert"_s);
        const QStringList descriptions = m_attributes.texts(u"printer-alert-description"_s);
        for (qsizetype i = 0; i < std::min<qsizetype>(rows.size(), maxRows); ++i) {
            const QMap<QString, QString> fields = fieldsOf(rows[i]);
            if (!fields.contains(u"code"_s))
                continue;
            const Oid row = Oid{device} + static_cast<quint32>(i + 1);
            const auto set = [&](const Oid& column, std::optional<qint64> value) {
                number(column + row, value, u"printer-alert"_s, rows[i]);
            };
            set(mib::prtAlertSeverityLevel, words::alertSeverity(fields.value(u"severity"_s)));
            set(mib::prtAlertGroup, words::alertGroup(fields.value(u"group"_s)));
            set(mib::prtAlertGroupIndex, numberIn(fields, u"groupindex"_s));
            set(mib::prtAlertLocation, numberIn(fields, u"location"_s));
            set(mib::prtAlertCode, words::alertCode(fields.value(u"code"_s)));
            if (const QString text = descriptions.value(i); !text.isEmpty())
                put(mib::prtAlertDescription + row, snmp::Value::text(text.toUtf8()), u"printer-alert-description"_s,
                    text);
        }
    }

    void supply(quint32 index, const QString& name, const QString& color, const QString& attribute)
    {
        const Oid row = Oid{device} + index;
        if (!name.isEmpty())
            put(mib::prtMarkerSuppliesDescription + row, snmp::Value::text(name.toUtf8()), attribute, name);
        if (color.isEmpty())
            return;
        number(mib::prtMarkerSuppliesColorantIndex + row, index, attribute, color);
        put(mib::prtMarkerColorantValue + row, snmp::Value::text(color.toUtf8()), attribute, color);
    }

    // PWG 5100.13 §5.6: rows of prtMarkerSuppliesTable.
    bool supplies()
    {
        const QString attribute = u"printer-supply"_s;
        const QStringList rows = m_attributes.texts(attribute);
        const QStringList names = m_attributes.texts(u"printer-supply-description"_s);
        bool any = false;
        for (qsizetype i = 0; i < std::min<qsizetype>(rows.size(), maxRows); ++i) {
            const QMap<QString, QString> fields = fieldsOf(rows[i]);
            if (!fields.contains(u"type"_s))
                continue;
            any = true;
            const qint64 given = numberIn(fields, u"index"_s).value_or(0);
            const quint32 index =
                given > 0 && given < 0xffff ? static_cast<quint32>(given) : static_cast<quint32>(i + 1);
            const Oid row = Oid{device} + index;
            supply(index, names.value(i), colorName(fields.value(u"colorantname"_s)), attribute);
            number(mib::prtMarkerSuppliesType + row, words::supplyType(fields.value(u"type"_s)), attribute, rows[i]);
            number(mib::prtMarkerSuppliesClass + row, words::supplyClass(fields.value(u"class"_s)), attribute, rows[i]);
            number(
                mib::prtMarkerSuppliesSupplyUnit + row, words::supplyUnit(fields.value(u"unit"_s)), attribute, rows[i]);
            number(mib::prtMarkerSuppliesMaxCapacity + row, numberIn(fields, u"maxcapacity"_s), attribute, rows[i]);
            number(mib::prtMarkerSuppliesLevel + row, numberIn(fields, u"level"_s), attribute, rows[i]);
        }
        return any;
    }

    // The older form, CUPS's own: percent, or a negative number that means as much as the MIB's. Which way a waste
    // container counts is not written anywhere, so its level stays unknown.
    void markers()
    {
        constexpr qint64 unitPercent = 19, unknown = -2;
        const QList<Value> levels = m_attributes.values.value(u"marker-levels"_s);
        const QStringList names = m_attributes.texts(u"marker-names"_s);
        const QStringList types = m_attributes.texts(u"marker-types"_s);
        const QStringList colors = m_attributes.texts(u"marker-colors"_s);
        for (qsizetype i = 0; i < std::min<qsizetype>(levels.size(), maxRows); ++i) {
            if (levels[i].type != Value::Type::Number || levels[i].number > 100)
                continue;
            const auto index = static_cast<quint32>(i + 1);
            const Oid row = Oid{device} + index;
            const QString type = types.value(i);
            const qint64 level = type.startsWith("waste"_L1) ? unknown : levels[i].number;
            supply(index, names.value(i), colorName(colors.value(i)), u"marker-names"_s);
            number(mib::prtMarkerSuppliesType + row, words::supplyType(type), u"marker-types"_s, type);
            number(mib::prtMarkerSuppliesSupplyUnit + row, unitPercent, u"marker-levels"_s, {});
            number(mib::prtMarkerSuppliesLevel + row, level, u"marker-levels"_s, QString::number(levels[i].number));
        }
    }

    const Attributes& m_attributes;
};

/// What no MIB object mirrors.
class Rest {
public:
    Rest(const Attributes& attributes, model::Reading& reading)
        : m_attributes(attributes)
        , m_reading(reading)
    {
    }

    void add()
    {
        if (const QString version = firstText(u"printer-firmware-string-version"_s); !version.isEmpty())
            set(m_reading.identity.firmware, u"identity.firmware"_s, u"printer-firmware-string-version"_s, version);
        if (const QString location = m_attributes.text(u"printer-geo-location"_s);
            m_reading.identity.location.isEmpty() && location.startsWith("geo:"_L1))
            set(m_reading.identity.location, u"identity.location"_s, u"printer-geo-location"_s, location);
        if (const QString name = m_attributes.text(u"printer-info"_s);
            m_reading.identity.description.isEmpty() && !name.isEmpty())
            set(m_reading.identity.description, u"identity.description"_s, u"printer-info"_s,
                profiles::decodeText(name.toUtf8()));
        addMac();
        if (const std::optional<bool> color = m_attributes.boolean(u"color-supported"_s)) {
            m_reading.identity.color = color;
            note(u"identity.color"_s, u"color-supported"_s, *color ? u"true"_s : u"false"_s);
        }
        addMeters();
    }

private:
    QString firstText(const QString& attribute) const
    {
        for (const QString& text : m_attributes.texts(attribute)) {
            if (QString tidy = profiles::decodeText(text.toUtf8()); !tidy.isEmpty())
                return tidy;
        }
        return {};
    }

    void note(const QString& path, const QString& attribute, const QString& raw)
    {
        m_reading.sources.insert(path, {u"ipp"_s, attribute, raw.left(256)});
    }

    void set(QString& field, const QString& path, const QString& attribute, const QString& text)
    {
        field = text.left(255);
        note(path, attribute, text);
    }

    // Only a version 1 UUID ends with the device's own address (RFC 9562 §5.1).
    void addMac()
    {
        const QString uuid = m_attributes.text(u"printer-uuid"_s).toLower();
        const QStringList parts = QString(uuid).remove("urn:uuid:"_L1).split(u'-');
        if (!m_reading.identity.mac.isEmpty() || parts.size() != 5 || !parts[2].startsWith(u'1'))
            return;
        if (const QString mac = profiles::decodeMac(snmp::Value::text(parts[4].toLatin1())); !mac.isEmpty())
            set(m_reading.identity.mac, u"identity.mac"_s, u"printer-uuid"_s, mac);
    }

    void meter(const QString& name, const QString& unit, qint64 value, const QString& attribute)
    {
        m_reading.meters += {name, unit, value, {}};
        note(u"meters."_s + name, attribute, QString::number(value));
    }

    // PWG 5100.22 §7.7. The collection's members are believed only when they make up the total: whether the two-sided ones
    // are part of the others is read differently.
    void addMeters()
    {
        const std::optional<qint64> total = m_attributes.number(u"printer-impressions-completed"_s);
        if (!total || *total < 0) {
            const std::optional<qint64> sheets = m_attributes.number(u"printer-media-sheets-completed"_s);
            if (sheets && *sheets >= 0)
                meter(u"total"_s, u"sheets"_s, *sheets, u"printer-media-sheets-completed"_s);
            return;
        }
        meter(u"total"_s, u"impressions"_s, *total, u"printer-impressions-completed"_s);
        const QString collection = u"printer-impressions-completed-col"_s;
        const auto member = [&](const QString& name) {
            const std::optional<qint64> count = m_attributes.number(collection + u'/' + name);
            return count && *count >= 0 ? count : std::nullopt;
        };
        const auto monochrome = member(u"monochrome"_s), color = member(u"full-color"_s);
        if (!monochrome || !color)
            return;
        const qint64 others = member(u"blank"_s).value_or(0) + member(u"highlight-color"_s).value_or(0);
        const qint64 monochrome2 = member(u"monochrome-two-sided"_s).value_or(0);
        const qint64 color2 = member(u"full-color-two-sided"_s).value_or(0);
        const qint64 others2 =
            member(u"blank-two-sided"_s).value_or(0) + member(u"highlight-color-two-sided"_s).value_or(0);
        const bool areApart = *monochrome + *color + others + monochrome2 + color2 + others2 == *total;
        if (!areApart && *monochrome + *color + others != *total)
            return;
        m_reading.meters.clear(); // ordered by name
        meter(u"color"_s, u"impressions"_s, *color + (areApart ? color2 : 0), collection);
        meter(u"mono"_s, u"impressions"_s, *monochrome + (areApart ? monochrome2 : 0), collection);
        meter(u"total"_s, u"impressions"_s, *total, u"printer-impressions-completed"_s);
    }

    const Attributes& m_attributes;
    model::Reading& m_reading;
};

} // namespace

Result<model::Reading> interpret(
    const profiles::Catalogue& catalogue, const Attributes& attributes, const profiles::InterpretOptions& options)
{
    if (!attributes.number(u"printer-state"_s) && attributes.text(u"printer-make-and-model"_s).isEmpty())
        return fail(ErrorCode::NotFound, u"What answers IPP at %1 is no printer."_s.arg(options.address.toString()));
    const Translation translation(attributes);
    profiles::InterpretOptions withSources = options;
    withSources.sources = true;
    Result<model::Reading> reading = profiles::interpret(catalogue, translation.answers, withSources);
    if (!reading)
        return reading;
    for (auto it = reading->sources.begin(); it != reading->sources.end();) {
        const auto source = translation.sources.find(it->object);
        if (source == translation.sources.end()) {
            it = reading->sources.erase(it);
        } else {
            *it = *source;
            ++it;
        }
    }
    Rest(attributes, *reading).add();
    return reading;
}

} // namespace platen::ipp
