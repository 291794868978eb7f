// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "PasswordRules.h"

#include <QStringDecoder>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace platen::access {

namespace {

constexpr qsizetype fewestCharacters = 10;
constexpr qsizetype longestName = 64;

/// Text of a password, wiped when it goes.
class SecretText {
public:
    explicit SecretText(const Secret& bytes)
    {
        QStringDecoder decode(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
        QString decoded = decode(bytes.reveal());
        isUtf8 = !decode.hasError();
        text = decoded.normalized(QString::NormalizationForm_C);
        if (decoded.isDetached()) // otherwise it is the same string as text
            decoded.fill(u'\0');
    }
    ~SecretText() { text.fill(u'\0'); }
    Q_DISABLE_COPY_MOVE(SecretText)

    QString text;
    bool isUtf8 = false;
};

bool isNameCharacter(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') || c == u'.' || c == u'_' || c == u'-' || c == u'@';
}

} // namespace

Secret canonicalPassword(const Secret& typed)
{
    const SecretText password(typed);
    return password.isUtf8 ? Secret(password.text.toUtf8()) : typed;
}

Result<Secret> acceptPassword(const Secret& typed)
{
    if (typed.size() > longestPassword)
        return fail(ErrorCode::InvalidInput,
            u"the password is longer than %1 bytes; choose a shorter one"_s.arg(longestPassword));
    const SecretText password(typed);
    if (!password.isUtf8)
        return fail(ErrorCode::InvalidInput, u"the password is not valid UTF-8 text; choose another one"_s);
    if (std::ranges::any_of(password.text, [](QChar c) { return c.category() == QChar::Other_Control; }))
        return fail(ErrorCode::InvalidInput, u"the password has control characters in it; choose another one"_s);
    const auto characters = std::ranges::count_if(password.text, [](QChar c) { return !c.isLowSurrogate(); });
    if (characters < fewestCharacters)
        return fail(ErrorCode::InvalidInput,
            u"the password has %1 characters; it needs at least %2"_s.arg(characters).arg(fewestCharacters));
    return Secret(password.text.toUtf8());
}

Result<QString> acceptUserName(QStringView typed)
{
    const QString name = typed.toString().toLower();
    if (name.isEmpty() || name.size() > longestName || !std::ranges::all_of(name, isNameCharacter)
        || !((name.front() >= u'a' && name.front() <= u'z') || (name.front() >= u'0' && name.front() <= u'9')))
        return fail(ErrorCode::InvalidInput,
            u"\"%1\" cannot be a user's name; use up to %2 letters a-z, digits and . _ - @, the first of them a letter or digit"_s
                .arg(typed.left(longestName))
                .arg(longestName));
    return name;
}

QString canonicalUserName(QStringView typed)
{
    return typed.left(longestName + 1).toString().toLower(); // one more than any stored name has
}

} // namespace platen::access
