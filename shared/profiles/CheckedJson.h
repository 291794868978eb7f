// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <base/Result.h>
#include <snmp/Oid.h>

#include <QJsonArray>
#include <QJsonObject>
#include <QList>
#include <QRegularExpression>
#include <QString>

namespace platen::profiles {

/// Takes values out of a JSON file that a person wrote, and keeps the first mistake: its file, line and key. Every getter gives
/// an empty value for what is missing or wrong, so a reader goes on and asks for the error at the end.
/// `where` is the path of the object a key stands in: "" at the top, "meters[0]" within.
class CheckedJson {
public:
    /// `what` names the kind of file in messages: "profile".
    CheckedJson(QString what, QString file, const QByteArray& json);

    const QJsonObject& root() const { return m_root; }
    /// The first mistake, one sentence; nothing when there was none.
    Status status() const;

    void refuse(const QString& path, const QString& reason);
    /// Refuses the keys of `object` that are not known.
    void expectKeys(const QJsonObject& object, const QString& where, const QStringList& known);

    QString string(const QJsonObject& object, const QString& where, const QString& key, bool needed = false);
    bool boolean(const QJsonObject& object, const QString& where, const QString& key);
    /// A whole number from `low` to `high`; `fallback` when the key is missing.
    int number(const QJsonObject& object, const QString& where, const QString& key, int low, int high, int fallback);
    QStringList strings(const QJsonObject& object, const QString& where, const QString& key);
    QJsonObject object(const QJsonObject& parent, const QString& where, const QString& key);
    QJsonArray array(const QJsonObject& parent, const QString& where, const QString& key);
    snmp::Oid oid(const QString& text, const QString& path);
    QList<snmp::Oid> oids(const QJsonObject& object, const QString& where, const QString& key);
    /// Ignores case, knows Unicode.
    QRegularExpression pattern(const QString& text, const QString& path);
    QList<QRegularExpression> patterns(const QJsonObject& object, const QString& where, const QString& key);

    /// Calls use(object, path) for every object of a list.
    template <typename Use>
    void each(const QJsonObject& parent, const QString& where, const QString& key, Use use)
    {
        const QJsonArray items = array(parent, where, key);
        for (qsizetype i = 0; i < items.size(); ++i) {
            const QString path = QStringLiteral("%1[%2]").arg(below(where, key)).arg(i);
            if (!items[i].isObject())
                refuse(path, QStringLiteral("an object must stand here"));
            use(items[i].toObject(), path);
        }
    }

    static QString below(const QString& where, const QString& key);

private:
    QString m_what;
    QString m_file;
    QByteArray m_json;
    QJsonObject m_root;
    QString m_error;
};

} // namespace platen::profiles
