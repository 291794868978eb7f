// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Call.h"

#include <QObject>
#include <QTimer>

namespace platen::api {

class Changes;
class Notices;

/// Tells one console what changed, gathered: at most one notification per topic and interval, at most 500 rows in it, and
/// while the console reads too slowly nothing, then a word to load everything again.
class Feed : public QObject {
    Q_OBJECT

public:
    struct Settings {
        std::chrono::milliseconds interval{250};
        std::chrono::milliseconds afterFailure{5000}; ///< when the database did not answer
        qsizetype mostRows = 500;
        std::function<bool()> isCongested; ///< the console has not taken what it was sent
    };

    Feed(const Changes& changes, Notices& notices, Settings settings, QObject* parent);

    /// From now on these topics, for this session; none ends it.
    void subscribe(const QByteArray& tokenHash, const QSet<Topic>& topics);

signals:
    void notify(const QString& method, const QJsonObject& parameters);

private:
    void note(Topic topic);
    void flush();
    void tell(Topic topic, const QString& method, QCoro::Task<Result<QJsonObject>> task);

    Notices& m_notices;
    Settings m_settings;
    QTimer m_timer;
    QByteArray m_tokenHash;
    QSet<Topic> m_topics;
    QSet<Topic> m_waiting; ///< topics with something to tell
    QSet<qint64> m_devices; ///< which changed
    bool m_reload = false; ///< more than can be named
    int m_underWay = 0; ///< notifications being made
};

} // namespace platen::api
