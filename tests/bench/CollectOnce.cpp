// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
// platen-collectonce MAP PORT [AT_ONCE]: asks every printer of MAP (address<TAB>name lines), AT_ONCE side by side (default 256), first for
// the 13 objects that the peers read, by the engine that readings go through; then reads all of it, and again with what that left.
// Prints of each: printers read, wall and CPU seconds, requests.
#include <profiles/Reader.h>

#include <QCoro/QCoroTask>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QTextStream>

#include <ctime>

using namespace Qt::StringLiterals;
using namespace platen;

namespace {

/// What the peers of tests/bench/collect.sh ask for: keep both alike.
const QList<snmp::Oid> thirteen{{1, 3, 6, 1, 2, 1, 1, 1, 0}, {1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 3, 1}, {1, 3, 6, 1, 2, 1, 25, 3, 5, 1, 1, 1},
    {1, 3, 6, 1, 2, 1, 25, 3, 5, 1, 2, 1}, {1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17, 1}, {1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 4, 1, 1},
    {1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 6, 1, 1}, {1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 7, 1, 1}, {1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 8, 1, 1},
    {1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 9, 1, 1}, {1, 3, 6, 1, 2, 1, 43, 12, 1, 1, 4, 1, 1}, {1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 8, 1, 1},
    {1, 3, 6, 1, 2, 1, 43, 16, 5, 1, 2, 1, 1}};

struct Collection {
    snmp::Engine engine;
    std::shared_ptr<const profiles::Catalogue> catalogue;
    QList<snmp::Target> targets;
    QList<profiles::Memory> memories;
    qsizetype next = 0;
    qsizetype read = 0;
};

QCoro::Task<> get(std::shared_ptr<Collection> collection)
{
    while (collection->next < collection->targets.size()) {
        const auto answer = co_await collection->engine.get(collection->targets[collection->next++], thirteen);
        collection->read += answer && answer->size() == thirteen.size();
    }
}

QCoro::Task<> read(std::shared_ptr<Collection> collection, std::shared_ptr<profiles::Reader> reader)
{
    while (collection->next < collection->targets.size()) {
        const qsizetype number = collection->next++;
        profiles::ReadOptions options;
        options.memory = collection->memories[number];
        const auto outcome = co_await reader->read(collection->targets[number], options);
        if (!outcome)
            continue;
        ++collection->read;
        collection->memories[number] = outcome->memory;
    }
}

QCoro::Task<> all(std::shared_ptr<Collection> collection, bool whole, int atOnce)
{
    const auto reader = std::make_shared<profiles::Reader>(collection->engine, collection->catalogue);
    std::vector<QCoro::Task<>> workers;
    for (int i = 0; i < atOnce; ++i)
        workers.push_back(whole ? read(collection, reader) : get(collection));
    for (QCoro::Task<>& worker : workers)
        co_await worker;
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication app(argc, argv);
    const QStringList words = QCoreApplication::arguments().sliced(1);
    QTextStream out(stdout);
    auto catalogue = profiles::Catalogue::builtIn();
    QFile map(words.value(0));
    if (words.size() < 2 || !catalogue || !map.open(QIODevice::ReadOnly)) {
        QTextStream(stderr) << "platen-collectonce MAP PORT [AT_ONCE]" << Qt::endl;
        return 1;
    }
    auto collection = std::make_shared<Collection>();
    collection->catalogue = *catalogue;
    for (const QByteArray& line : map.readAll().trimmed().split('\n')) {
        snmp::Target target;
        target.address = QHostAddress(QString::fromUtf8(line.split('\t').value(0)));
        target.port = words[1].toUShort();
        collection->targets += target;
    }
    collection->memories.resize(collection->targets.size());
    for (const QString& name : {u"thirteen"_s, u"first"_s, u"repeat"_s}) {
        collection->next = collection->read = 0;
        const quint64 sent = collection->engine.counters().sent;
        QElapsedTimer wall;
        wall.start();
        const std::clock_t cpu = std::clock();
        QCoro::waitFor(all(collection, name != "thirteen"_L1, words.size() > 2 ? words[2].toInt() : 256));
        out << u"%1 %2 read, %3 s, %4 s CPU, %5 requests"_s.arg(name, -8).arg(collection->read).arg(double(wall.nsecsElapsed()) / 1e9, 0, 'f', 2)
                   .arg(double(std::clock() - cpu) / CLOCKS_PER_SEC, 0, 'f', 2).arg(collection->engine.counters().sent - sent) << Qt::endl;
    }
    return 0;
}
