// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Feed.h"

#include "Changes.h"
#include "Log.h"
#include "Notices.h"

using namespace Qt::StringLiterals;

namespace platen::api {

Feed::Feed(const Changes& changes, Notices& notices, Settings settings, QObject* parent)
    : QObject(parent)
    , m_notices(notices)
    , m_settings(std::move(settings))
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &Feed::flush);
    connect(&changes, &Changes::deviceChanged, this, [this](qint64 id) {
        if (!m_topics.contains(Topic::Devices))
            return;
        if (!m_reload)
            m_devices.insert(id);
        m_reload = m_reload || m_devices.size() > m_settings.mostRows;
        note(Topic::Devices);
    });
    connect(&changes, &Changes::allDevicesChanged, this, [this] {
        m_reload = true;
        note(Topic::Devices);
    });
    connect(&changes, &Changes::agentsChanged, this, [this] { note(Topic::Agents); });
}

void Feed::subscribe(const QByteArray& tokenHash, const QSet<Topic>& topics)
{
    m_tokenHash = tokenHash;
    m_topics = topics;
    m_waiting.clear();
    m_devices.clear();
    m_reload = false;
}

void Feed::note(Topic topic)
{
    if (!m_topics.contains(topic))
        return;
    m_waiting.insert(topic);
    if (!m_timer.isActive() && m_underWay == 0)
        m_timer.start(m_settings.interval);
}

void Feed::flush()
{
    if (m_settings.isCongested()) {
        m_reload = m_waiting.contains(Topic::Devices);
        m_devices.clear();
        m_timer.start(m_settings.interval);
        return;
    }
    const QSet<Topic> topics = std::exchange(m_waiting, {});
    const QSet<qint64> devices = std::exchange(m_devices, {});
    const bool reload = std::exchange(m_reload, false);
    if (topics.contains(Topic::Devices))
        tell(Topic::Devices, u"devices.changed"_s,
            reload ? m_notices.reload(m_tokenHash) : m_notices.devices(m_tokenHash, devices.values()));
    if (topics.contains(Topic::Agents))
        tell(Topic::Agents, u"agents.changed"_s, m_notices.agents(m_tokenHash));
}

void Feed::tell(Topic topic, const QString& method, QCoro::Task<Result<QJsonObject>> task)
{
    ++m_underWay;
    QCoro::connect(
        std::move(task), this, [this, topic, method, tokenHash = m_tokenHash](const Result<QJsonObject>& parameters) {
            --m_underWay;
            std::chrono::milliseconds next = m_settings.interval;
            const bool isWanted = m_topics.contains(topic) && m_tokenHash == tokenHash; // still, after the wait
            if (isWanted && parameters)
                emit notify(method, *parameters);
            if (isWanted && !parameters) {
                const ErrorCode why = parameters.error().code;
                if (why == ErrorCode::NotAuthenticated || why == ErrorCode::PermissionDenied) {
                    m_topics.remove(topic);
                } else {
                    qCWarning(lcApi) << "cannot tell a console what changed:" << parameters.error();
                    m_reload = m_reload || topic == Topic::Devices;
                    m_waiting.insert(topic);
                    next = m_settings.afterFailure;
                }
            }
            if (!m_waiting.isEmpty() && m_underWay == 0 && !m_timer.isActive())
                m_timer.start(next);
        });
}

} // namespace platen::api
