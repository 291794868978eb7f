// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What reading printers takes on Ethernet, the first time and when they are read again unchanged, as SNMP v2c with the community
// public: requests, and bytes of frames both ways.
//   platen-readingbytes FOLDER                 calculated, for the recordings of FOLDER
//   platen-readingbytes MAP PORT INTERFACE     measured by the counters of INTERFACE; MAP has address<TAB>name lines
#include <profiles/Interview.h>
#include <snmp/Snmprec.h>

#include <QCoro/QCoroTask>
#include <QCoreApplication>
#include <QDir>
#include <QRegularExpression>
#include <QTextStream>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace platen;

namespace {

constexpr qsizetype frameHead = 14 + 20 + 8; // Ethernet, IPv4, UDP
constexpr qsizetype largestMessage = 1472;   // a printer cuts a GETBULK's answer to a frame

qsizetype tlv(qsizetype content) { return content + (content < 128 ? 2 : content < 256 ? 3 : 4); }

qsizetype oidBytes(const snmp::Oid& oid)
{
    qsizetype bytes = oid.size() < 2 ? 1 : -1;
    for (const quint32 arc : oid.arcs())
        bytes += arc < (1U << 7) ? 1 : arc < (1U << 14) ? 2 : arc < (1U << 21) ? 3 : arc < (1U << 28) ? 4 : 5;
    return bytes;
}

qsizetype valueBytes(const snmp::Value& value)
{
    if (value.type == snmp::Value::Type::ObjectId)
        return oidBytes(value.objectId);
    if (!value.isNumber())
        return value.octets.size();
    qsizetype bytes = 1;
    for (qint64 rest = value.number; rest > 127 || rest < -128; rest >>= 8)
        ++bytes;
    return bytes;
}

qsizetype varBindBytes(const snmp::Oid& oid, const snmp::Value& value) { return tlv(tlv(oidBytes(oid)) + tlv(valueBytes(value))); }

qsizetype messageBytes(qsizetype varBinds) { return tlv(3 + tlv(6) + tlv(6 + 3 + 3 + tlv(varBinds))); }

struct Traffic {
    int requests = 0;
    qsizetype bytes = 0;
};

Traffic talk(profiles::Interview& interview, const snmp::Answers& all)
{
    Traffic traffic;
    while (const auto question = interview.next()) {
        qsizetype asked = 0, answered = 0;
        for (const snmp::Oid& oid : question->bulk.oids)
            asked += varBindBytes(oid, {});
        snmp::VarBinds answer;
        for (const snmp::VarBind& varBind : answerFrom(all, *question)) {
            const qsizetype more = varBindBytes(varBind.oid, varBind.value);
            if (!question->isGet && messageBytes(answered + more) > largestMessage && !answer.isEmpty())
                break;
            answered += more;
            answer += varBind;
        }
        interview.take(*question, answer);
        ++traffic.requests;
        traffic.bytes += 2 * frameHead + messageBytes(asked) + messageBytes(answered);
    }
    return traffic;
}

void print(const QString& name, QList<Traffic> all)
{
    const auto at = [&](auto member, double share) {
        std::ranges::sort(all, {}, member);
        return all[std::min<qsizetype>(qsizetype(share * double(all.size())), all.size() - 1)].*member;
    };
    QTextStream(stdout) << u"%1 requests median %2, 90th %3, max %4; bytes median %5, 90th %6, max %7\n"_s.arg(name)
                               .arg(at(&Traffic::requests, 0.5)).arg(at(&Traffic::requests, 0.9)).arg(at(&Traffic::requests, 1))
                               .arg(at(&Traffic::bytes, 0.5)).arg(at(&Traffic::bytes, 0.9)).arg(at(&Traffic::bytes, 1));
}

void printLine(const QString& name, const Traffic& first, const Traffic& again, const QString& remark)
{
    QTextStream(stdout) << u"%1 first %2 B in %3, again %4 B in %5%6\n"_s.arg(name, -40).arg(first.bytes, 5).arg(first.requests).arg(again.bytes, 4).arg(again.requests).arg(remark);
}

/// Of both directions; what the kernel counts is the frame without its checksum.
qint64 bytesOn(const QString& interface)
{
    QFile file(u"/proc/net/dev"_s); // of this process's network namespace
    const QString table = file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    static const QRegularExpression spaces(u"\\s+"_s);
    for (const QString& line : table.split(u'\n')) {
        const QStringList words = line.simplified().split(spaces);
        if (words.size() > 9 && words[0] == interface + u':')
            return words[1].toLongLong() + words[9].toLongLong();
    }
    return 0;
}

bool measure(std::shared_ptr<const profiles::Catalogue> catalogue, const QStringList& words, QList<Traffic>& firsts, QList<Traffic>& repeats)
{
    QFile map(words[0]);
    if (!map.open(QIODevice::ReadOnly))
        return false;
    snmp::Engine engine;
    profiles::Reader reader(engine, std::move(catalogue));
    for (const QByteArray& line : map.readAll().trimmed().split('\n')) {
        snmp::Target target;
        target.address = QHostAddress(QString::fromUtf8(line.split('\t').value(0)));
        target.port = words[1].toUShort();
        Traffic traffic[2];
        profiles::ReadOptions options;
        for (Traffic& each : traffic) {
            const qint64 bytes = bytesOn(words[2]);
            const quint64 sent = engine.counters().sent;
            const auto outcome = QCoro::waitFor(reader.read(target, options));
            if (!outcome)
                break;
            each = {static_cast<int>(engine.counters().sent - sent), qsizetype(bytesOn(words[2]) - bytes)};
            options.memory = outcome->memory;
        }
        if (traffic[1].requests == 0) {
            QTextStream(stderr) << line << " was not read" << Qt::endl;
            continue;
        }
        firsts += traffic[0];
        repeats += traffic[1];
        printLine(QString::fromUtf8(line.split('\t').value(1)), traffic[0], traffic[1], {});
    }
    return true;
}

bool calculate(const profiles::Catalogue& catalogue, const QString& folder, QList<Traffic>& firsts, QList<Traffic>& repeats)
{
    const QHostAddress address(u"192.0.2.7"_s);
    for (const QFileInfo& info : QDir(folder).entryInfoList({u"*.snmprec"_s}, QDir::Files, QDir::Name)) {
        QFile file(info.filePath());
        const auto answers = file.open(QIODevice::ReadOnly) ? snmp::parseSnmprec(file.readAll()) : fail(ErrorCode::NotFound, info.filePath());
        if (!answers)
            return false;
        profiles::ReadOptions options;
        profiles::Interview first(catalogue, address, options);
        const Traffic traffic = talk(first, *answers);
        const auto reading = first.reading({});
        if (!reading)
            continue;
        options.memory = first.memory();
        profiles::Interview again(catalogue, address, options);
        firsts += traffic;
        repeats += talk(again, *answers);
        printLine(info.baseName(), traffic, repeats.last(), u", memory %1 B%2"_s.arg(options.memory.toBytes().size()).arg(again.reading({}) == reading ? u""_s : u", READ DIFFERENTLY"_s));
    }
    return true;
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication app(argc, argv);
    const QStringList words = QCoreApplication::arguments().sliced(1);
    const auto catalogue = profiles::Catalogue::builtIn();
    QList<Traffic> firsts, repeats;
    const bool isDone = catalogue
        && (words.size() == 1         ? calculate(**catalogue, words[0], firsts, repeats)
                : words.size() == 3 ? measure(*catalogue, words, firsts, repeats)
                                    : false);
    if (!isDone || firsts.isEmpty()) {
        QTextStream(stderr) << "platen-readingbytes: nothing was read; say a folder of recordings, or a map, a port and an interface" << Qt::endl;
        return 1;
    }
    print(u"first "_s, firsts);
    print(u"repeat"_s, repeats);
    return 0;
}
