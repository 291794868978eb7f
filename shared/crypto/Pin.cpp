// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Pin.h"

#include "Crypto.h"

using namespace Qt::StringLiterals;

namespace platen::crypto {
namespace {

constexpr QLatin1StringView alphabet("0123456789ABCDEFGHJKMNPQRSTVWXYZ"); // Crockford: no I, L, O, U
constexpr qsizetype groupSize = 4;

char checkCharacter(QByteArrayView characters)
{
    const auto first = static_cast<quint8>(sha256(characters).front());
    return alphabet[first >> 3].toLatin1();
}

/// The character of the alphabet that was meant; nothing when none can be.
std::optional<char> meant(QChar typed)
{
    const QChar upper = typed.toUpper();
    const QChar read = upper == u'O' ? QChar(u'0') : upper == u'I' || upper == u'L' ? QChar(u'1') : upper;
    return alphabet.contains(read) ? std::optional(read.toLatin1()) : std::nullopt;
}

} // namespace

Pin Pin::generate(int secretChars)
{
    Q_ASSERT(secretChars >= fewestSecretChars && secretChars <= mostSecretChars);
    QByteArray characters = randomBytes(locatorChars + secretChars);
    for (char& character : characters)
        character = alphabet[static_cast<quint8>(character) & 31].toLatin1();
    const QString locator = QString::fromLatin1(characters.first(locatorChars));
    return {locator, Secret(std::move(characters))};
}

Result<Pin> Pin::parse(QStringView typed)
{
    QByteArray characters;
    characters.reserve(64);
    for (const QChar character : typed) {
        if (character == u'-' || character.isSpace())
            continue;
        const auto read = meant(character);
        if (!read || characters.size() > locatorChars + mostSecretChars)
            return fail(ErrorCode::InvalidInput,
                read ? u"The PIN is too long: it looks like LLLL-SSSS-SSSC."_s
                     : u"The PIN has a character that no PIN has: use digits and letters as shown."_s);
        characters.append(*read);
    }
    if (characters.size() < locatorChars + fewestSecretChars + 1)
        return fail(ErrorCode::InvalidInput, u"The PIN is too short: it looks like LLLL-SSSS-SSSC."_s);
    const char check = characters.back();
    characters.chop(1);
    if (checkCharacter(characters) != check)
        return fail(
            ErrorCode::InvalidInput, u"The PIN has a typing mistake: compare it with the one you were given."_s);
    const QString locator = QString::fromLatin1(characters.first(locatorChars));
    return Pin{locator, Secret(std::move(characters))};
}

QString Pin::toString() const
{
    const QByteArray& known = characters.reveal();
    QString out;
    for (qsizetype i = 0; i <= known.size(); ++i) {
        if (i > 0 && i % groupSize == 0)
            out.append(u'-');
        out.append(QLatin1Char(i < known.size() ? known[i] : checkCharacter(known)));
    }
    return out;
}

} // namespace platen::crypto
