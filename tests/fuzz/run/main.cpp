// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later

/// platen-fuzz TARGET [libFuzzer's options]; platen-fuzz --targets; platen-fuzz --seeds TARGET FOLDER. libFuzzer has the main function.
#include <fuzz/Target.h>

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QLoggingCategory>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

using namespace platen;
using namespace Qt::StringLiterals;

namespace {

const fuzz::Target* chosen = nullptr;

const fuzz::Target* targetOf(const char* name)
{
    const auto found = std::ranges::find(fuzz::targets(), QLatin1StringView(name), &fuzz::Target::name);
    if (found != fuzz::targets().end())
        return &*found;
    std::fprintf(stderr, "platen-fuzz: there is no target '%s'; --targets lists them.\n", name);
    std::exit(1);
}

[[noreturn]] void listTargets()
{
    for (const fuzz::Target& target : fuzz::targets())
        std::printf("%-12s %3d %s\n", target.name.latin1(), target.share, target.meaning.latin1());
    std::exit(0);
}

/// Names the files as libFuzzer does, by their SHA-1.
[[noreturn]] void writeSeeds(const fuzz::Target& target, const char* folder)
{
    const QDir dir(QFile::decodeName(folder));
    for (const QByteArray& seed : target.seeds()) {
        QFile file(dir.filePath(QString::fromLatin1(QCryptographicHash::hash(seed, QCryptographicHash::Sha1).toHex())));
        if (!file.open(QFile::WriteOnly) || file.write(seed) != seed.size()) {
            std::fprintf(stderr, "platen-fuzz: %s cannot be written: %s\n", qPrintable(file.fileName()), qPrintable(file.errorString()));
            std::exit(1);
        }
    }
    std::exit(0);
}

} // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** words)
{
    QLoggingCategory::setFilterRules(u"*=false"_s); // what the product logs of bad input is not of interest here
    const QByteArrayView first = *count > 1 ? (*words)[1] : "";
    if (first == "--targets")
        listTargets();
    if (first == "--seeds" && *count == 4)
        writeSeeds(*targetOf((*words)[2]), (*words)[3]);
    if (first.isEmpty() || first.startsWith('-')) {
        std::fputs("platen-fuzz: say 'platen-fuzz TARGET [OPTION…] [CORPUS…]', 'platen-fuzz --targets' or 'platen-fuzz --seeds TARGET FOLDER'.\n", stderr);
        std::exit(1);
    }
    chosen = targetOf((*words)[1]);
    static QByteArray longest; // takes the target's place among libFuzzer's options; a later -max_len overrides it
    longest = "-max_len=" + QByteArray::number(chosen->longest);
    (*words)[1] = longest.data();
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size)
{
    chosen->run({data, qsizetype(size)});
    return 0;
}
