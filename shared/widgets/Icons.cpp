// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Icons.h"

#include "Colors.h"
#include "Log.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

using namespace Qt::StringLiterals;

namespace platen::widgets {

namespace {

QColor colorOf(Ink ink, QIcon::Mode mode)
{
    const QPalette palette = QGuiApplication::palette();
    const Colors& colors = Colors::of(palette);
    if (mode == QIcon::Disabled)
        return mixed(colors.surface, colors.muted, 0.6);
    switch (ink) {
    case Ink::Text: return colors.text;
    case Ink::Muted: return colors.muted;
    case Ink::Accent: return colors.accent;
    case Ink::OnAccent: return colors.dark ? colors.canvas : colors.surface;
    case Ink::Ok: return colors.ok;
    case Ink::Attention: return colors.attention;
    case Ink::Critical: return colors.critical;
    case Ink::Offline: return colors.offline;
    }
    return colors.text;
}

// Ours is one file for all sizes; the theme draws 16 px and larger ones apart.
QByteArray source(const QString& name, int size)
{
    for (const QString& path : {u":/icons/%1.svg"_s.arg(name), u":/icons/%1-%2.svg"_s.arg(name).arg(size <= 18 ? 16 : 22)}) {
        QFile file(path);
        if (file.open(QIODevice::ReadOnly))
            return file.readAll();
    }
    qCWarning(lcWidgets) << "there is no icon" << name << "in the resources";
    return {};
}

class SvgInk final : public QIconEngine {
public:
    SvgInk(QString name, Ink ink) : m_name(std::move(name)), m_ink(ink) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override { render(*painter, rect, rect.height(), mode); }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override { return scaledPixmap(size, mode, state, 1.0); }

    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State, qreal scale) override
    {
        const QString key = u"platen/%1/%2x%3@%4/%5"_s.arg(m_name).arg(size.width()).arg(size.height()).arg(scale).arg(colorOf(m_ink, mode).name());
        QPixmap pixmap;
        if (QPixmapCache::find(key, &pixmap))
            return pixmap;
        pixmap = QPixmap(size * scale); // since Qt 6.8 the size is that people see
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        render(painter, pixmap.rect(), size.height(), mode);
        painter.end();
        QPixmapCache::insert(key, pixmap);
        return pixmap;
    }

    QIconEngine* clone() const override { return new SvgInk(*this); }
    bool isNull() override { return false; }

private:
    void render(QPainter& painter, const QRectF& rect, int shownSize, QIcon::Mode mode) const
    {
        QByteArray svg = source(m_name, shownSize);
        svg.replace("currentColor", colorOf(m_ink, mode).name().toLatin1());
        QSvgRenderer renderer(svg);
        renderer.setAspectRatioMode(Qt::KeepAspectRatio);
        renderer.render(&painter, rect);
    }

    QString m_name;
    Ink m_ink;
};

} // namespace

QIcon icon(const QString& name, Ink ink)
{
    return QIcon(new SvgInk(name, ink));
}

} // namespace platen::widgets
