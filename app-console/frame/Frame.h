// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Screen.h"

#include <widgets/Theme.h>

#include <QHash>

class QButtonGroup;
class QLabel;
class QLineEdit;
class QStackedWidget;
class QToolButton;

namespace platen::widgets {
class Banner;
}

namespace platen::console {

/// The console around its screens: navigation at the left, title, search, connection and user at the top.
class Frame final : public QWidget {
    Q_OBJECT

public:
    /// Shows those of `rows` the account may see; the first is in front.
    Frame(ScreenServices services, widgets::Theme& theme, const QList<ScreenRow>& rows, QWidget* parent = nullptr);

    void go(const QString& id, const QString& what = {});
    Screen* screen(const QString& id) const;
    Screen* current() const;
    QStringList screenIds() const { return m_order; }

signals:
    void logoutRequested();

private:
    struct Page {
        Screen* screen = nullptr;
        QToolButton* button = nullptr;
        QString title, search;
        int count = -1;
    };

    QWidget* makeNavigation(const QList<ScreenRow>& rows);
    QWidget* makeHeader();
    QToolButton* makeUserButton();
    void addPage(const ScreenRow& row, QToolButton* button);
    void showTitle();
    void showConnection();
    void makeShortcuts();

    ScreenServices m_services;
    widgets::Theme& m_theme;
    QHash<QString, Page> m_pages;
    QStringList m_order;
    QString m_current;
    QButtonGroup* m_navigation = nullptr;
    QLabel* m_title = nullptr;
    QLabel* m_count = nullptr;
    QLineEdit* m_search = nullptr;
    QStackedWidget* m_stack = nullptr;
    widgets::Banner* m_banner = nullptr;
};

} // namespace platen::console
