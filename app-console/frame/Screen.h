// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <model/Permission.h>

#include <QWidget>

#include <functional>

class QSettings;

namespace platen::console {

class ServerConnection;

/// What the frame shows at the right of the navigation: one page with a title. A screen lives as long as somebody is logged in.
class Screen : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

    /// Reads everything anew: at log-in, after a reconnection, and on F5.
    virtual void refresh() = 0;

    /// What the search field of the frame holds; an empty hint means that there is nothing to search.
    virtual QString searchHint() const { return {}; }
    virtual void search(const QString& words) { Q_UNUSED(words) }

    /// Comes from another screen: what to show, in this screen's own words (an agent's id for the devices).
    virtual void open(const QString& what) { Q_UNUSED(what) }

signals:
    void countChanged(int count);                                 ///< behind the title; −1: not known
    void searchRequested(const QString& words);                   ///< typed into a table: goes to the search field
    void screenRequested(const QString& id, const QString& what); ///< go to another screen
};

/// What every screen is built from.
struct ScreenServices {
    ServerConnection& server;
    QSettings& settings;
};

/// One row of the Catalogue.
struct ScreenRow {
    QString id;
    const char* title; ///< translated with the context "Catalogue"
    QString icon;
    model::Permission permission;
    std::function<Screen*(ScreenServices)> make;

    QString words() const;
};

} // namespace platen::console
