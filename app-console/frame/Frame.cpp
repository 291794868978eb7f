// SPDX-FileCopyrightText: The Platen authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Frame.h"

#include "ConnectionPill.h"

#include <console/session/ServerAddress.h>
#include <console/session/ServerConnection.h>
#include <console/session/Settings.h>
#include <widgets/Banner.h>
#include <widgets/Icons.h>
#include <widgets/RelativeTime.h>

#include <QAction>
#include <QActionGroup>
#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QSettings>
#include <QShortcut>
#include <QStackedWidget>
#include <QToolButton>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace platen::console {

using widgets::Ink;
using widgets::setLook;
using widgets::Theme;

Frame::Frame(ScreenServices services, Theme& theme, const QList<ScreenRow>& rows, QWidget* parent)
    : QWidget(parent)
    , m_services(services)
    , m_theme(theme)
    , m_navigation(new QButtonGroup(this))
    , m_stack(new QStackedWidget)
    , m_banner(new widgets::Banner)
{
    auto* across = new QHBoxLayout(this);
    across->setContentsMargins(0, 0, 0, 0);
    across->setSpacing(0);
    auto* page = new QVBoxLayout;
    page->setSpacing(0);
    auto* bannerRow = new QHBoxLayout;
    bannerRow->setContentsMargins(widgets::metrics::pageMargin, 0, widgets::metrics::pageMargin, 0);
    bannerRow->addWidget(m_banner);
    m_banner->setObjectName(u"connectionBanner"_s);
    page->addWidget(makeHeader());
    page->addLayout(bannerRow);
    page->addWidget(m_stack, 1);
    across->addWidget(makeNavigation(rows));
    across->addLayout(page, 1);
    makeShortcuts();
    connect(m_banner, &widgets::Banner::actionTriggered, &services.server, &ServerConnection::retryNow);
    connect(&services.server, &ServerConnection::stateChanged, this, &Frame::showConnection);
    if (!m_order.isEmpty())
        go(m_order.first());
}

QWidget* Frame::makeNavigation(const QList<ScreenRow>& rows)
{
    auto* panel = new QFrame;
    setLook(panel, "navigation");
    panel->setFixedWidth(widgets::metrics::navigationWidth);
    auto* column = new QVBoxLayout(panel);
    column->setContentsMargins(12, 16, 12, 16);
    column->setSpacing(4);

    auto* brand = new QHBoxLayout;
    brand->setContentsMargins(8, 0, 0, 0);
    brand->setSpacing(8);
    auto* mark = new QLabel;
    mark->setPixmap(widgets::icon(u"mark"_s).pixmap(QSize(24, 24), devicePixelRatioF()));
    auto* name = new QLabel(u"Platen"_s);
    name->setFont(widgets::fonts::section());
    brand->addWidget(mark);
    brand->addWidget(name, 1);
    column->addLayout(brand);
    column->addSpacing(20);

    const model::Permissions permissions = model::permissionsOf(m_services.server.account().roles);
    for (const ScreenRow& row : rows) {
        if (!permissions.contains(row.permission))
            continue; // the server would refuse it
        auto* button = new QToolButton;
        setLook(button, "navigation");
        button->setObjectName(u"navigate-"_s + row.id);
        button->setText(u"  "_s + row.words());
        button->setAccessibleName(row.words());
        button->setIcon(widgets::icon(row.icon));
        button->setIconSize({22, 22});
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setCheckable(true);
        button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        connect(button, &QToolButton::toggled, this, [button, icon = row.icon](bool on) { button->setIcon(widgets::icon(icon, on ? Ink::Accent : Ink::Text)); });
        m_navigation->addButton(button);
        column->addWidget(button);
        addPage(row, button);
    }
    column->addStretch(1);
    auto* server = widgets::makeCaption(tr("%1\nVersion %2").arg(shownAddress(m_services.server.server()), m_services.server.account().serverVersion));
    server->setContentsMargins(10, 0, 0, 0);
    column->addWidget(server);
    return panel;
}

void Frame::addPage(const ScreenRow& row, QToolButton* button)
{
    Screen* screen = row.make(m_services);
    m_stack->addWidget(screen);
    m_pages.insert(row.id, {screen, button, row.words(), {}, -1});
    m_order.append(row.id);
    connect(button, &QToolButton::clicked, this, [this, id = row.id] { go(id); });
    connect(screen, &Screen::countChanged, this, [this, id = row.id](int count) {
        m_pages[id].count = count;
        showTitle();
    });
    connect(screen, &Screen::searchRequested, this, [this](const QString& words) {
        m_search->setFocus(Qt::ShortcutFocusReason);
        m_search->setText(words);
    });
    connect(screen, &Screen::screenRequested, this, &Frame::go);
}

QWidget* Frame::makeHeader()
{
    auto* header = new QWidget;
    header->setFixedHeight(64);
    auto* row = new QHBoxLayout(header);
    row->setContentsMargins(widgets::metrics::pageMargin, 8, 16, 0);
    row->setSpacing(8);
    m_title = new QLabel;
    m_title->setFont(widgets::fonts::title());
    m_title->setObjectName(u"pageTitle"_s);
    m_count = new QLabel;
    QFont countFont = widgets::fonts::title();
    countFont.setWeight(QFont::Normal);
    m_count->setFont(countFont);
    m_count->setObjectName(u"pageCount"_s);
    setLook(m_count, "muted");
    m_search = new QLineEdit;
    m_search->setObjectName(u"search"_s);
    m_search->setClearButtonEnabled(true);
    m_search->addAction(widgets::icon(u"edit-find"_s, Ink::Muted), QLineEdit::LeadingPosition);
    m_search->setMinimumWidth(140);
    m_search->setMaximumWidth(320);
    m_search->setAccessibleName(tr("Search"));
    auto* pause = new QTimer(m_search); // a word is sent when it is typed, not letter by letter
    pause->setSingleShot(true);
    pause->setInterval(200ms);
    connect(m_search, &QLineEdit::textChanged, pause, qOverload<>(&QTimer::start));
    connect(pause, &QTimer::timeout, this, [this] {
        if (Screen* screen = current(); screen && m_pages[m_current].search != m_search->text()) {
            m_pages[m_current].search = m_search->text();
            screen->search(m_search->text().trimmed());
        }
    });
    row->addWidget(m_title, 0, Qt::AlignVCenter);
    row->addWidget(m_count, 0, Qt::AlignVCenter);
    row->addStretch(1);
    row->addWidget(m_search, 3, Qt::AlignVCenter);
    row->addSpacing(8);
    row->addWidget(new ConnectionPill(m_services.server), 0, Qt::AlignVCenter);
    row->addWidget(makeUserButton(), 0, Qt::AlignVCenter);
    return header;
}

QToolButton* Frame::makeUserButton()
{
    const QString name = m_services.server.account().name;
    auto* button = new QToolButton;
    button->setObjectName(u"userMenu"_s);
    button->setText(name);
    button->setAccessibleName(tr("Signed in as %1").arg(name));
    button->setToolTip(tr("Signed in as %1").arg(name));
    button->setIcon(QIcon(u":/icons/arrow-down.svg"_s));
    button->setIconSize({12, 12});
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setLayoutDirection(Qt::RightToLeft); // the arrow stands behind the name
    button->setPopupMode(QToolButton::InstantPopup);

    auto* menu = new QMenu(button);
    menu->setLayoutDirection(Qt::LeftToRight);
    auto* choices = new QActionGroup(menu);
    const std::tuple<Theme::Choice, QString, QString> themes[]{{Theme::Choice::System, tr("Appearance of the system"), u"system"_s},
        {Theme::Choice::Light, tr("Light"), u"light"_s}, {Theme::Choice::Dark, tr("Dark"), u"dark"_s}};
    for (const auto& [choice, words, key] : themes) {
        QAction* action = menu->addAction(words);
        action->setObjectName(u"theme-"_s + key);
        action->setCheckable(true);
        action->setChecked(m_theme.choice() == choice);
        choices->addAction(action);
        connect(action, &QAction::triggered, this, [this, choice, key] {
            m_services.settings.setValue(settings::theme, key);
            m_theme.choose(choice);
        });
    }
    menu->addSeparator();
    QAction* logout = menu->addAction(widgets::icon(u"system-log-out"_s), tr("Log out"));
    logout->setObjectName(u"logout"_s);
    connect(logout, &QAction::triggered, this, &Frame::logoutRequested);
    button->setMenu(menu);
    return button;
}

void Frame::makeShortcuts()
{
    auto* find = new QShortcut(QKeySequence::Find, this);
    connect(find, &QShortcut::activated, this, [this] {
        m_search->setFocus(Qt::ShortcutFocusReason);
        m_search->selectAll();
    });
    auto* refresh = new QShortcut(QKeySequence::Refresh, this);
    connect(refresh, &QShortcut::activated, this, [this] {
        if (Screen* screen = current())
            screen->refresh();
    });
}

void Frame::go(const QString& id, const QString& what)
{
    if (!m_pages.contains(id))
        return;
    m_current = id;
    const Page& page = m_pages[id];
    page.button->setChecked(true);
    m_stack->setCurrentWidget(page.screen);
    const QString hint = page.screen->searchHint();
    m_search->setVisible(!hint.isEmpty());
    const QSignalBlocker quiet(m_search);
    m_search->setPlaceholderText(hint.isEmpty() ? hint : tr("%1  (%2)", "a hint and its shortcut").arg(hint, QKeySequence(QKeySequence::Find).toString(QKeySequence::NativeText)));
    m_search->setText(page.search);
    showTitle();
    if (!what.isEmpty())
        page.screen->open(what);
    page.screen->setFocus();
}

Screen* Frame::screen(const QString& id) const { return m_pages.value(id).screen; }
Screen* Frame::current() const { return m_pages.value(m_current).screen; }

void Frame::showTitle()
{
    const Page& page = m_pages[m_current];
    m_title->setText(page.title);
    m_count->setText(page.count < 0 ? QString() : QLocale().toString(page.count));
}

void Frame::showConnection()
{
    if (m_services.server.state() == ServerConnection::State::Waiting)
        m_banner->showNotice(tr("No connection to the server since %1. What you see is from then.").arg(widgets::exactTime(m_services.server.lostAt())), tr("Try now"));
    else if (m_services.server.isLoggedIn())
        m_banner->hide();
}

} // namespace platen::console
