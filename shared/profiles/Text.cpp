// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Text.h"

#include <QStringDecoder>
#include <QStringList>
#include <QUtf8StringView>

using namespace Qt::StringLiterals;

namespace platen::profiles {

namespace {

// Of IANA's character set registry, those that printers name in prtLocalizationCharacterSet.
const char* charsetName(int mibEnum)
{
    switch (mibEnum) {
    case 5:
        return "ISO-8859-2";
    case 6:
        return "ISO-8859-3";
    case 7:
        return "ISO-8859-4";
    case 8:
        return "ISO-8859-5";
    case 9:
        return "ISO-8859-6";
    case 10:
        return "ISO-8859-7";
    case 11:
        return "ISO-8859-8";
    case 12:
        return "ISO-8859-9";
    case 13:
        return "ISO-8859-10";
    case 17:
        return "Shift_JIS";
    case 18:
        return "EUC-JP";
    case 38:
        return "EUC-KR";
    case 109:
        return "ISO-8859-13";
    case 111:
        return "ISO-8859-15";
    case 113:
        return "GBK";
    case 114:
        return "GB18030";
    case 2004:
        return "hp-roman8";
    case 2009:
        return "IBM850";
    case 2025:
        return "GB2312";
    case 2026:
        return "Big5";
    case 2084:
        return "KOI8-R";
    case 2250:
        return "windows-1250";
    case 2251:
        return "windows-1251";
    case 2252:
        return "windows-1252";
    case 2253:
        return "windows-1253";
    case 2254:
        return "windows-1254";
    case 2255:
        return "windows-1255";
    case 2256:
        return "windows-1256";
    case 2257:
        return "windows-1257";
    default:
        return nullptr;
    }
}

bool isDoubleByte(int mibEnum)
{
    return mibEnum == 1000 || mibEnum == 1013 || mibEnum == 1015;
} // UCS-2, UTF-16BE, UTF-16

QString toUnicode(QByteArrayView octets, int charset)
{
    if (isDoubleByte(charset) && octets.size() % 2 == 0 && octets.contains('\0'))
        return QStringDecoder(QStringDecoder::Utf16BE)(octets);
    if (const qsizetype nul = octets.indexOf('\0'); nul >= 0)
        octets = octets.first(nul);
    if (QUtf8StringView(octets.data(), octets.size()).isValidUtf8())
        return QString::fromUtf8(octets);
    if (const char* name = charsetName(charset)) {
        QStringDecoder decoder(name);
        if (decoder.isValid()) {
            const QString text = decoder(octets);
            if (!decoder.hasError())
                return text;
        }
    }
    return QString::fromLatin1(octets);
}

// A limit must not cut a UTF-8 character in two, or all of the text would look like another charset.
QByteArrayView cut(QByteArrayView octets)
{
    if (octets.size() <= maxTextBytes)
        return octets;
    qsizetype end = maxTextBytes;
    while (end > maxTextBytes - 4 && (static_cast<uchar>(octets[end]) & 0xc0) == 0x80)
        --end;
    return octets.first(end);
}

bool isUnwanted(QChar c)
{
    const char16_t u = c.unicode();
    return c.category() == QChar::Other_Control || (u >= 0x202a && u <= 0x202e) || (u >= 0x2066 && u <= 0x2069)
        || u == 0xfeff;
}

QString tidied(const QString& text, bool lines)
{
    QString out;
    out.reserve(text.size());
    for (const QChar c : text) {
        if (c == u'\r' || c == u'\n')
            out += lines ? u'\n' : u' ';
        else if (c == u'\t')
            out += u' ';
        else if (!isUnwanted(c))
            out += c;
    }
    if (!lines)
        return out.simplified();
    QStringList kept;
    for (const QString& line : out.split(u'\n')) {
        if (QString plain = line.simplified(); !plain.isEmpty())
            kept += std::move(plain);
    }
    return kept.join(u'\n');
}

/// ASCII with nothing to tidy: nearly all that printers say.
bool isPlain(QByteArrayView octets)
{
    char last = ' ';
    for (const char c : octets) {
        if (c < ' ' || c > '~' || (c == ' ' && last == ' '))
            return false;
        last = c;
    }
    return last != ' ';
}

} // namespace

QString decodeText(QByteArrayView octets, int charset, bool lines)
{
    if (octets.size() <= maxTextBytes && isPlain(octets))
        return QString::fromLatin1(octets);
    return tidied(toUnicode(cut(octets), charset), lines);
}

QString decodePml(QByteArrayView octets)
{
    if (octets.startsWith(QByteArrayView("\x01\x15", 2)))
        return decodeText(octets.sliced(2), 2004);
    if (octets.startsWith(QByteArrayView("\xfd\xe8", 2)))
        return decodeText(octets.sliced(2), 106);
    return decodeText(octets);
}

} // namespace platen::profiles
